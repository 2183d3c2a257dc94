// Making elements. No style attributes anywhere: the content security policy forbids them.

type Attributes = Readonly<Record<string, string | boolean | null>>;
type Child = Node | string | null;

/** An element with attributes (true: present, false or null: absent) and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child): child is Node | string => child !== null));
  return node;
}

/** One of the sprite's icons, for the eye only. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A button of the drafting tools. */
export function button(label: string, run: () => void, options: { icon?: string; class?: string } = {}): HTMLButtonElement {
  const node = el("button", { type: "button", class: options.class ?? "btn plain" });
  if (options.icon) node.append(icon(options.icon));
  node.append(label);
  node.addEventListener("click", run);
  return node;
}

/** The element with this id; throws when the page lacks it. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const node = document.getElementById(id);
  if (!node) throw new Error(`no #${id} in the page`);
  return node as T;
}

/** A random name for an operation. */
export function opId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(15));
  return Array.from(bytes, (byte) => (byte % 32).toString(32)).join("");
}
