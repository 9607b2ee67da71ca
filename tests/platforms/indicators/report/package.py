"""A Word document as the parts and relations that it is made of."""

import io
import posixpath
import zipfile
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"


@dataclass(frozen=True)
class Package:
    """The members of a document's file."""

    members: dict[str, bytes]

    @classmethod
    def of(cls, content: bytes) -> "Package":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            assert len(names) == len(set(names))
            return cls({name: archive.read(name) for name in names})

    def xml(self, name: str) -> Element:
        found: Element = fromstring(self.members[name])
        return found

    @cached_property
    def document(self) -> Element:
        return self.xml("word/document.xml")

    def targets(self, part: str) -> dict[str, str]:
        """Relation id -> member, of a part ("" for the package)."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels") if part else "_rels/.rels"
        if relations not in self.members:
            return {}
        return {
            found.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, found.get("Target", ""))).lstrip("/")
            for found in self.xml(relations).iter(_RELATION)
        }

    def typed(self) -> set[str]:
        """Members that have a content type."""
        types = self.xml("[Content_Types].xml")
        endings = {found.get("Extension", "").lower() for found in types.iter(f"{_TYPES}Default")}
        named = {found.get("PartName", "").lstrip("/") for found in types.iter(f"{_TYPES}Override")}
        return {name for name in self.members if name in named or name.rsplit(".", 1)[-1].lower() in endings}

    def comments(self) -> dict[str, str]:
        """Comment id -> its text."""
        if "word/comments.xml" not in self.members:
            return {}
        return {
            found.get(f"{W}id", ""): "".join(text.text or "" for text in found.iter(f"{W}t"))
            for found in self.xml("word/comments.xml").iter(f"{W}comment")
        }

    def noted(self) -> list[tuple[str, str]]:
        """Every commented text with its comment, in the order of the document."""
        notes, open_, found = self.comments(), {}, []
        for element in self.document.iter():
            match element.tag.removeprefix(W):
                case "commentRangeStart":
                    open_[element.get(f"{W}id", "")] = ""
                case "t":
                    open_ = {id_: text + (element.text or "") for id_, text in open_.items()}
                case "commentRangeEnd":
                    id_ = element.get(f"{W}id", "")
                    found.append((open_.pop(id_), notes[id_]))
        assert not open_
        return found

    def bookmarked(self) -> dict[str, str]:
        """Bookmark -> the text in it."""
        names, open_, found = {}, {}, {}
        for element in self.document.iter():
            match element.tag.removeprefix(W):
                case "bookmarkStart":
                    names[element.get(f"{W}id", "")] = element.get(f"{W}name", "")
                    open_[element.get(f"{W}id", "")] = ""
                case "t":
                    open_ = {id_: text + (element.text or "") for id_, text in open_.items()}
                case "bookmarkEnd":
                    id_ = element.get(f"{W}id", "")
                    found[names[id_]] = open_.pop(id_)
        assert not open_
        return found

    def references(self) -> list[tuple[str, str]]:
        """Bookmark and shown text of every REF field."""
        found, code, shown, state = [], "", "", ""
        for element in self.document.iter():
            match element.tag.removeprefix(W):
                case "fldChar":
                    state = element.get(f"{W}fldCharType", "")
                    if state == "begin":
                        code, shown = "", ""
                    elif state == "end":
                        words = code.split()
                        assert words[0] == "REF"
                        found.append((words[1], shown))
                case "instrText":
                    code += element.text or ""
                case "t" if state == "separate":
                    shown += element.text or ""
        return found


def check(package: Package) -> None:
    """Whatever Word would want repaired: XML that is not well-formed, parts without a type, relations to nothing, ids that do not fit."""
    for name in package.members:
        if name.endswith((".xml", ".rels")):
            package.xml(name)
    assert package.typed() == set(package.members)
    parts = [name for name in package.members if not name.endswith(".rels")]
    for part in ["", *parts]:
        for target in package.targets(part).values():
            assert target in package.members, f"{part} -> {target}"
    related = {target for part in ["", *parts] for target in package.targets(part).values()}
    assert related == set(parts) - {"[Content_Types].xml"}, "a part that nothing names"
    for part in parts:
        if part.endswith(".xml"):
            known = {
                value
                for element in package.xml(part).iter()
                for key, value in element.attrib.items()
                if key.startswith(R)
            }
            assert known <= package.targets(part).keys(), part
    body = list(package.document.iter())
    ids = [e.get(f"{W}id") for e in body if e.tag == f"{W}commentRangeStart"]
    assert ids == [e.get(f"{W}id") for e in body if e.tag == f"{W}commentReference"]
    assert len(ids) == len(set(ids))
    assert set(ids) == package.comments().keys()
    names = [e.get(f"{W}name") or "" for e in body if e.tag == f"{W}bookmarkStart"]
    assert len(names) == len(set(names))
    assert all(len(name) <= 40 and name[0].isalpha() for name in names), "as Word allows bookmarks to be called"
    assert {name for name, _ in package.references()} <= set(names)
    drawn = [e.get("id") for e in body if e.tag.endswith("}docPr")]
    assert len(drawn) == len(set(drawn))
    styles = {e.get(f"{W}styleId") for e in package.xml("word/styles.xml").iter(f"{W}style")}
    marks = {f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle"}
    texts = {"word/document.xml", "word/comments.xml", "word/footer1.xml"} & set(parts)
    named = {element.get(f"{W}val") for part in texts for element in package.xml(part).iter() if element.tag in marks}
    assert named <= styles
