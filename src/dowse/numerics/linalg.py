"""Cholesky factors of covariance matrices, and what is computed from them.

K       covariance matrix, symmetric, (n, n)
L       its lower Cholesky factor, K = L L^T
Linv    L^-1, lower triangular

SciPy takes longer to load than everything else together, and the first suggestions of a search do
no algebra: it is imported where it is called.
"""

import numpy as np

from dowse.numerics.arrays import FloatArray

_FIRST_JITTER = 1e-8
_ATTEMPTS = 8


def cholesky(K: FloatArray) -> FloatArray | None:
    """L of K, or None when K is not numerically positive definite."""
    from scipy.linalg.lapack import dpotrf

    L, failed = dpotrf(K, lower=1, clean=1)
    # Some LAPACKs factor a matrix of NaN without complaint.
    return None if failed or not np.isfinite(L[-1, -1]) else L


def cholesky_with_jitter(K: FloatArray, scale: float) -> FloatArray:
    """L of K + jitter I, with the smallest jitter of scale * (0, 1e-8, 1e-7, …) that factors.

    Raises:
        FloatingPointError: K contains a value that is not finite, so that no jitter helps.
    """
    L = cholesky(K)
    jitter = _FIRST_JITTER * scale
    for _ in range(_ATTEMPTS):
        if L is not None:
            return L
        padded = K.copy()
        padded.flat[:: len(K) + 1] += jitter
        L = cholesky(padded)
        jitter *= 10.0
    if L is None:
        raise FloatingPointError(
            f"covariance of {len(K)} points does not factor with jitter {jitter:g}"
        )
    return L


def inverse_from_cholesky(L: FloatArray) -> FloatArray:
    """K^-1, full and symmetric, from K = L L^T; L is zero above its diagonal."""
    from scipy.linalg.lapack import dpotri

    lower, _ = dpotri(L, lower=1)
    full: FloatArray = np.add(lower, lower.T, order="C")
    full.flat[:: len(L) + 1] *= 0.5
    return full


def triangular_inverse(L: FloatArray) -> FloatArray:
    """L^-1 of a lower-triangular L with a non-zero diagonal."""
    from scipy.linalg.lapack import dtrtri

    Linv, _ = dtrtri(L, lower=1)
    return np.asarray(Linv, dtype=np.float64)


def extend_inverse_factor(
    Linv: FloatArray, cross: FloatArray, corner: FloatArray, scale: float
) -> FloatArray:
    """L^-1 of the covariance grown by m points, from that of the first n.

    With K' = [[K, cross], [cross^T, corner]] the new factor is [[L, 0], [B^T, M]], where B = Linv
    cross (n, m) and M M^T = corner - B^T B, and its inverse is [[Linv, 0], [-Minv B^T Linv, Minv]].
    """
    n, m = cross.shape
    B = Linv @ cross
    Minv = triangular_inverse(cholesky_with_jitter(corner - B.T @ B, scale))
    grown = np.zeros((n + m, n + m))
    grown[:n, :n] = Linv
    grown[n:, :n] = -Minv @ (B.T @ Linv)
    grown[n:, n:] = Minv
    return grown
