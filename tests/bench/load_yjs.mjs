// What the clients of @y/websocket-server send under the same load: for each writer a list of [clock, update, awareness]
// (hex; whole messages of y-protocols), and one message that brings the text. Reads {clauses, writers, size, seed,
// presence} from stdin; clauses are [id, text], writers [{clause, edits}].
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const plan = JSON.parse(Buffer.concat(chunks).toString())

let state = plan.seed
const random = (below) => {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
  return Math.floor((state / 0x80000000) * below)
}
const hex = (bytes) => Buffer.from(bytes).toString('hex')

const syncUpdate = (update) => {
  const out = encoding.createEncoder()
  encoding.writeVarUint(out, 0)
  encoding.writeVarUint(out, 2)
  encoding.writeVarUint8Array(out, update)
  return encoding.toUint8Array(out)
}

const awareness = (client, clock, cursor) => {
  const one = encoding.createEncoder()
  encoding.writeVarUint(one, 1)
  encoding.writeVarUint(one, client)
  encoding.writeVarUint(one, clock)
  encoding.writeVarString(one, JSON.stringify({ user: { name: 'Delegate', color: '#30bced' }, cursor }))
  const out = encoding.createEncoder()
  encoding.writeVarUint(out, 1)
  encoding.writeVarUint8Array(out, encoding.toUint8Array(one))
  return encoding.toUint8Array(out)
}

const base = new Y.Doc()
base.clientID = 1
base.transact(() => { for (const [id, text] of plan.clauses) base.getText(id).insert(0, text) })
const brought = Y.encodeStateAsUpdate(base)

const writers = plan.writers.map(({ clause, edits }, index) => {
  const doc = new Y.Doc()
  doc.clientID = 1_000_000 + index
  Y.applyUpdate(doc, brought)
  const text = doc.getText(clause)
  const script = []
  let update = null
  doc.on('update', (bytes) => { update = bytes })
  for (let n = 0; n < edits; n++) {
    const size = 1 + random(2 * plan.size - 1)
    const at = random(Math.max(1, text.length - size))
    const clock = Y.getState(doc.store, doc.clientID)
    doc.transact(() => {
      if (text.length > 200) text.delete(at, Math.min(size, text.length - at))
      text.insert(at, 'abcdefgh '[random(9)].repeat(size))
    })
    const place = Y.createRelativePositionFromTypeIndex(text, at + size)
    const cursor = { anchor: place, head: place }
    script.push([clock, hex(syncUpdate(update)), plan.presence ? hex(awareness(doc.clientID, n + 1, cursor)) : ''])
  }
  return { client: String(doc.clientID), script }
})
process.stdout.write(JSON.stringify({ brought: hex(syncUpdate(brought)), writers }))
