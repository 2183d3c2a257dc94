"""LibreOffice without a window, in a profile of its own: saves Word files again, and edits them as a person would.

The edits are a Basic module in the profile: Debian's bare package has no Python bridge, and Basic works the same model
that the menus do, tracked changes and the author's name included.
"""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

COMMAND: Final = shutil.which("soffice")
_FILTER: Final = "MS Word 2007 XML"
_SECONDS: Final = 120  # when it hangs the test fails; nothing measures this

_LIBRARY: Final = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Edits"/></library:library>
"""
_MODULE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Edits" script:language="StarBasic">{}
</script:module>
"""
_BASIC: Final = """
Dim doc As Object

Sub Main
  On Error GoTo Failed
{steps}
  Report "done"
  StarDesktop.terminate()
  Exit Sub
Failed:
  Report Error$ & " in line " & Erl
  StarDesktop.terminate()
End Sub

Sub Report(said As String)
  Dim file
  file = FreeFile
  Open "{report}" For Output As #file
  Print #file, said
  Close #file
End Sub

Sub Author(given As String)
  Dim args(0) As New com.sun.star.beans.PropertyValue
  Dim data As Object
  args(0).Name = "nodepath"
  args(0).Value = "/org.openoffice.UserProfile/Data"
  data = createUnoService("com.sun.star.configuration.ConfigurationProvider").createInstanceWithArguments( _
    "com.sun.star.configuration.ConfigurationUpdateAccess", args())
  data.givenname = given
  data.sn = ""
  data.commitChanges()
End Sub

Sub OpenFile(url As String)
  Dim args(0) As New com.sun.star.beans.PropertyValue
  args(0).Name = "Hidden"
  args(0).Value = True
  doc = StarDesktop.loadComponentFromURL(url, "_blank", 0, args())
  doc.RecordChanges = True
End Sub

Sub SaveFile(url As String)
  Dim args(0) As New com.sun.star.beans.PropertyValue
  args(0).Name = "FilterName"
  args(0).Value = "{filter}"
  doc.storeToURL(url, args())
  doc.close(True)
End Sub

Function Words(wanted As String) As Object
  Dim search As Object
  Dim hit As Object
  search = doc.createSearchDescriptor()
  search.SearchString = wanted
  search.SearchCaseSensitive = True
  hit = doc.findFirst(search)
  If IsNull(hit) Then Report "not there: " & wanted
  Words = hit
End Function

Sub Replace_(wanted As String, put As String)
  Dim found As Object
  found = Words(wanted)
  found.setString(put)
End Sub

Sub Behind(wanted As String, put As String)
  Dim found As Object
  found = Words(wanted)
  found.Text.insertString(found.End, put, False)
End Sub

Sub NewParagraph(wanted As String, put As String)
  Dim found As Object
  Dim cursor As Object
  found = Words(wanted)
  cursor = found.Text.createTextCursorByRange(found.End)
  cursor.gotoEndOfParagraph(False)
  found.Text.insertControlCharacter(cursor, com.sun.star.text.ControlCharacter.PARAGRAPH_BREAK, False)
  found.Text.insertString(cursor, put, False)
End Sub
"""


@dataclass(frozen=True)
class Step:
    """One thing that a person does: a sub of the module and what it is given."""

    sub: str
    words: tuple[str, ...]

    def basic(self) -> str:
        """The line of the module."""
        quoted = ", ".join('"' + word.replace('"', '""') + '"' for word in self.words)
        return f"  {self.sub} {quoted}"


def replace(old: str, new: str) -> Step:
    """Words put where others stood; '' takes them out."""
    return Step("Replace_", (old, new))


def behind(place: str, words: str) -> Step:
    """Words put behind others."""
    return Step("Behind", (place, words))


def new_paragraph(place: str, words: str) -> Step:
    """A paragraph of its own behind the one where ``place`` is read."""
    return Step("NewParagraph", (place, words))


class Office:
    """``folder`` is for the profile and whatever else it needs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._profile = folder / "profile"

    def saved_again(self, files: Sequence[bytes]) -> list[bytes]:
        """Every file as LibreOffice writes it after reading it, with one start."""
        before, after = self._folder / "before", self._folder / "after"
        for folder in (before, after):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        names = [f"{number}.docx" for number in range(len(files))]
        for name, data in zip(names, files, strict=True):
            (before / name).write_bytes(data)
        self._run("--convert-to", f"docx:{_FILTER}", "--outdir", str(after), *(str(before / name) for name in names))
        return [(after / name).read_bytes() for name in names]

    def edited(self, data: bytes, *turns: tuple[str, Sequence[Step]]) -> bytes:
        """The file after each person in turn opened it, did the steps with change tracking on, and saved it."""
        if not (self._profile / "user" / "basic").exists():
            self.saved_again([data])  # a new profile lays out its libraries at the first start and leaves with them
        report = self._folder / "report.txt"
        report.unlink(missing_ok=True)
        files = [self._folder / f"turn{number}.docx" for number in range(len(turns) + 1)]
        files[0].write_bytes(data)
        steps: list[Step] = []
        for (author, done), source, target in zip(turns, files, files[1:], strict=False):
            steps += [Step("Author", (author,)), Step("OpenFile", (source.as_uri(),)), *done]
            steps.append(Step("SaveFile", (target.as_uri(),)))
        code = _BASIC.format(steps="\n".join(step.basic() for step in steps), report=report, filter=_FILTER)
        library = self._profile / "user" / "basic" / "Standard"
        (library / "Edits.xba").write_text(_MODULE.format(escape(code)), encoding="utf-8")
        (library / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
        self._run("macro:///Standard.Edits.Main")
        said = report.read_text(encoding="utf-8").strip() if report.exists() else "the module did not run"
        assert said == "done", said
        return files[-1].read_bytes()

    def _run(self, *arguments: str) -> None:
        assert COMMAND is not None
        flags = ["--headless", "--norestore", "--nolockcheck", "--nodefault"]
        profile = f"-env:UserInstallation={self._profile.as_uri()}"
        subprocess.run([COMMAND, profile, *flags, *arguments], check=True, capture_output=True, timeout=_SECONDS)
