"""A model as the bytes of a file, and back: a zip of one JSON page and plain number arrays, nothing that can run.

The file says what it is and of which version; the same model is always the same bytes. What comes from elsewhere is
believed only when every part has the size, type and order it must have.
"""

import io
import math
import zipfile
import zlib
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from yunnao.capabilities.classification.model import Model
from yunnao.capabilities.grams import LONGEST
from yunnao.kernel.errors import FileRefused

FORMAT: Literal["yunnao-text-classifier"] = "yunnao-text-classifier"
VERSION: Literal[1] = 1
LARGEST = 512 << 20
"""Most bytes of a file, and of all that is packed into it."""

_PAGE = "model.json"
_ARRAYS: dict[str, np.dtype[Any]] = {
    "keys": np.dtype("<i8"),
    "rarity": np.dtype("<f4"),
    "weights": np.dtype("<f4"),
    "bias": np.dtype("<f4"),
}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_AGAIN = "请用 yunnao appeals train 重新训练，或向来源要一份完整的模型文件"


class _Page(BaseModel):
    """What the JSON page says."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    format: Literal["yunnao-text-classifier"]
    version: Literal[1]
    categories: list[str] = Field(min_length=2, max_length=1_000)
    longest: int = Field(ge=1, le=LONGEST)
    slope: float = Field(gt=0)
    offset: float
    rows: int = Field(ge=2)
    macro_f1: float = Field(ge=0, le=1)
    accuracy: float = Field(ge=0, le=1)


def model_to_bytes(model: Model) -> bytes:
    """The file of ``model``."""
    figures = {name: getattr(model, name) for name in _Page.model_fields if hasattr(model, name)}
    page = _Page.model_validate({**figures, "format": FORMAT, "version": VERSION, "categories": list(model.categories)})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(_entry(_PAGE), page.model_dump_json(indent=1))
        for name, kind in _ARRAYS.items():
            array = io.BytesIO()
            plain = np.ascontiguousarray(getattr(model, name), dtype=kind)
            np.lib.format.write_array(array, plain, version=(1, 0), allow_pickle=False)
            packed.writestr(_entry(f"{name}.npy"), array.getvalue())
    return stream.getvalue()


def model_from_bytes(content: bytes, name: str) -> Model:
    """The model in a file.

    Args:
        content: of the file.
        name: what to call it in messages.

    Raises:
        FileRefused: it is no model, of another version, damaged, or made to do harm.
    """
    parts = _unpacked(content, name)
    try:
        page = _Page.model_validate_json(parts[_PAGE])
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) or "全文"
        raise FileRefused(
            f"{name}：模型说明 {_PAGE} 的 {where} 不对；这个版本只认 {FORMAT} 第 {VERSION} 版。{_AGAIN}"
        ) from None
    arrays = {part: _array(parts[f"{part}.npy"], kind, part, name) for part, kind in _ARRAYS.items()}
    keys, count = arrays["keys"], len(page.categories)
    shapes = {"keys": (keys.size,), "rarity": (keys.size,), "weights": (keys.size, count), "bias": (count,)}
    for part, shape in shapes.items():
        if arrays[part].shape != shape:
            raise FileRefused(f"{name}：{part} 的形状是 {arrays[part].shape}，应为 {shape}；{_AGAIN}")
        if part != "keys" and not np.isfinite(arrays[part]).all():
            raise FileRefused(f"{name}：{part} 里有不是数的值（NaN 或无穷大）；{_AGAIN}")
    if len(keys) and (keys[0] <= 0 or not (np.diff(keys) > 0).all()):
        raise FileRefused(f"{name}：keys 没有按从小到大排列；{_AGAIN}")
    if any(not category.strip() for category in page.categories) or len(set(page.categories)) != count:
        raise FileRefused(f"{name}：类别名有空的或重复的；{_AGAIN}")
    return Model(
        categories=tuple(page.categories),
        longest=page.longest,
        **arrays,
        slope=page.slope,
        offset=page.offset,
        rows=page.rows,
        macro_f1=page.macro_f1,
        accuracy=page.accuracy,
    )


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _unpacked(content: bytes, name: str) -> dict[str, bytes]:
    """The parts of the zip, none more and none larger than a model has."""
    wanted = {_PAGE, *(f"{part}.npy" for part in _ARRAYS)}
    if len(content) > LARGEST:
        raise FileRefused(f"{name}：超过 {LARGEST >> 20} MB，不像模型；{_AGAIN}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            if sorted(entry.filename for entry in entries) != sorted(wanted):
                raise FileRefused(f"{name}：不是云脑的模型文件；{_AGAIN}")
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise FileRefused(f"{name}：展开后超过 {LARGEST >> 20} MB，可能是压缩炸弹，没有打开；{_AGAIN}")
            return {entry.filename: packed.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise FileRefused(f"{name}：不是模型文件，或已损坏；{_AGAIN}") from None


def _array(part: bytes, kind: np.dtype[Any], what: str, name: str) -> NDArray[Any]:
    """An array whose header was checked before any memory was taken for it."""
    stream = io.BytesIO(part)
    try:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise ValueError
        shape, turned, found = np.lib.format.read_array_header_1_0(stream, max_header_size=1_000)
    except ValueError:
        raise FileRefused(f"{name}：{what}.npy 不是数组；{_AGAIN}") from None
    rest = part[stream.tell() :]
    if turned or found != kind or math.prod(shape) * kind.itemsize != len(rest) or min(shape, default=0) < 0:
        raise FileRefused(f"{name}：{what}.npy 的类型或长度不对；{_AGAIN}")
    return np.frombuffer(rest, dtype=kind).reshape(shape)
