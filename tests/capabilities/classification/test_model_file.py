"""Model files: there and back to the byte; what is hostile or broken is refused in a sentence."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.capabilities.classification.made_model import model
from yunnao.capabilities.classification import model_file
from yunnao.capabilities.classification.model_file import model_from_bytes, model_to_bytes
from yunnao.kernel.errors import FileRefused

Parts = dict[str, bytes]


def parts() -> Parts:
    with zipfile.ZipFile(io.BytesIO(model_to_bytes(model()))) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(contents: Parts) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in contents.items():
            made.writestr(name, content)
    return stream.getvalue()


def npy(array: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]", *, allow_pickle: bool = False) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=allow_pickle)
    return stream.getvalue()


def page(**changes: object) -> bytes:
    return json.dumps({**json.loads(parts()["model.json"]), **changes}).encode()


def test_there_and_back() -> None:
    content = model_to_bytes(model())
    back = model_from_bytes(content, "m")
    assert model_to_bytes(back) == content
    assert back.categories == model().categories
    assert (back.weights == model().weights).all()


WEIGHTS = model().weights
HOSTILE: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: "类别".encode(),
    "pickle": lambda: pickle.dumps({"weights": 1}),
    "cut": lambda: model_to_bytes(model())[:-200],
    "another zip": lambda: packed({"a": b""}),
    "a part more": lambda: packed({**parts(), "run.py": b"print(1)"}),
    "a part less": lambda: packed({n: c for n, c in parts().items() if n != "bias.npy"}),
    "another format": lambda: packed({**parts(), "model.json": page(format="other")}),
    "another version": lambda: packed({**parts(), "model.json": page(version=2)}),
    "an unknown word": lambda: packed({**parts(), "model.json": page(run="x")}),
    "no page": lambda: packed({**parts(), "model.json": b"\xff"}),
    "slope falls": lambda: packed({**parts(), "model.json": page(slope=-1.0)}),
    "slope is no number": lambda: packed({**parts(), "model.json": page(slope=float("nan"))}),
    "twice a category": lambda: packed({**parts(), "model.json": page(categories=["a"] * 7)}),
    "categories short": lambda: packed({**parts(), "model.json": page(categories=["a", "b"])}),
    "nan": lambda: packed({**parts(), "weights.npy": npy(np.full_like(WEIGHTS, np.nan))}),
    "infinite": lambda: packed({**parts(), "bias.npy": npy(np.full(7, np.inf, dtype=np.float32))}),
    "turned": lambda: packed({**parts(), "weights.npy": npy(WEIGHTS.T.copy())}),
    "doubles": lambda: packed({**parts(), "weights.npy": npy(WEIGHTS.astype(np.float64))}),
    "objects": lambda: packed({**parts(), "bias.npy": npy(np.array([{}] * 7), allow_pickle=True)}),
    "a number": lambda: packed({**parts(), "keys.npy": npy(np.array(5))}),
    "keys fall": lambda: packed({**parts(), "keys.npy": npy(model().keys[::-1].copy())}),
    "keys twice": lambda: packed({**parts(), "keys.npy": npy(np.ones_like(model().keys))}),
    "a claim of 2^60": lambda: packed(
        {**parts(), "keys.npy": parts()["keys.npy"].replace(b"(%d,)" % len(model().keys), b"(%d,)" % 2**60, 1)}
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name: str) -> None:
    with pytest.raises(FileRefused, match=r"model\.bin：.*请"):
        model_from_bytes(HOSTILE[name](), "model.bin")


def test_bombs_and_giants_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_file, "LARGEST", 1 << 20)
    bomb = packed({**parts(), "weights.npy": bytes(4 << 20)})
    assert len(bomb) < 1 << 20
    with pytest.raises(FileRefused, match="压缩炸弹"):
        model_from_bytes(bomb, "m")
    with pytest.raises(FileRefused, match="超过 1 MB"):
        model_from_bytes(bytes(2 << 20), "m")


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.integers(1, 255))
def test_a_flipped_byte_is_refused_or_harmless(place: int, change: int) -> None:
    content = bytearray(model_to_bytes(model()))
    content[place % len(content)] ^= change
    try:
        found = model_from_bytes(bytes(content), "m")
    except FileRefused:
        return
    assert np.isfinite(found.weights).all()
