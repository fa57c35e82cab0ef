"""Whether a remote directory, such as a bucket, can be used from this machine."""

from __future__ import annotations

import threading

TIMEOUT_S = 5.0
"""Looking for credentials that are not there may ask servers that do not answer."""


def reaches(url: str, *, timeout_s: float = TIMEOUT_S) -> bool:
    """Whether fsspec, with the credentials that are here, can look at `url`.

    A directory that does not exist yet can be reached. Without the extra `cloud`, without
    credentials, without a network or without an answer in time it cannot.
    """
    found: list[bool] = []
    # A thread of its own, for the libraries behind fsspec know no common time limit.
    looking = threading.Thread(target=lambda: found.append(_look(url)), daemon=True)
    looking.start()
    looking.join(timeout_s)
    return bool(found) and found[0]


def _look(url: str) -> bool:
    try:
        from fsspec.core import url_to_fs

        system, path = url_to_fs(url)
        system.info(path)
    except FileNotFoundError:
        return True
    except Exception:
        # Whatever a storage library raises, the directory cannot be used from here.
        return False
    return True
