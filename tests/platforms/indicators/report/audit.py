"""What Microsoft's own schemas say of a file, by a validator that is not ours (the rules of the Open XML SDK)."""

from pathlib import Path

from openxml_audit import FileFormat, OpenXmlValidator


def complaints(content: bytes, path: Path) -> list[str]:
    """Whatever Word or Excel, of 2010 or of today, would not find as it should be; ``path`` gives the kind of file by its ending."""
    path.write_bytes(content)
    found = []
    for version in (FileFormat.OFFICE_2010, FileFormat.MICROSOFT_365):
        result = OpenXmlValidator(version).validate(str(path))
        found += [f"{version}: {error}" for error in result.errors]
    return found
