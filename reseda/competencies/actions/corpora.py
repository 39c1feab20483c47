"""The model of a corpus: learned from its texts once, then kept on the disk."""

import contextlib
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from django.conf import settings

from reseda.competencies.domain.crosswalk import Model

# To be raised whenever the engine reads texts otherwise: models kept before are then left aside.
EDITION = 1
# Models kept; the one that served longest ago goes first.
KEPT = 6
FOLDER = "crosswalk"


def model_of(texts: Sequence[str]) -> Model:
    """Return the model of a corpus, from the disk when its very texts were read before.

    Safe beside other processes: a file appears whole or not at all. One that is damaged is made
    again; a folder that cannot be written only costs the time of reading the texts each time.
    """
    distinct = sorted({text.strip() for text in texts} - {""})
    if not distinct:
        return Model.fit(())
    path = Path(settings.VAR_DIR) / FOLDER / f"{digest(distinct)}.npz"
    model = _loaded(path)
    if model is None:
        model = Model.fit(distinct)
        with contextlib.suppress(OSError):
            _keep(model, path)
    return model


def digest(texts: Sequence[str]) -> str:
    """Return what tells a corpus from any other, whatever the order of its texts."""
    found = hashlib.sha256(f"{EDITION}".encode())
    for text in sorted(texts):
        found.update(b"\x00" + text.encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _loaded(path: Path) -> Model | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            model = Model.from_arrays(arrays)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return model


def _keep(model: Model, path: Path) -> None:
    """Write beside, then rename: readers and other writers never meet half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, **model.arrays())
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
    _prune(path.parent)


def _prune(folder: Path) -> None:
    """Forget the models that served longest ago; one that another process removed is no matter."""
    dated = []
    for path in folder.glob("*.npz"):
        with contextlib.suppress(OSError):
            dated.append((path.stat().st_mtime, path))
    for _moment, path in sorted(dated, reverse=True)[KEPT:]:
        path.unlink(missing_ok=True)
