"""The Matérn-5/2 kernel with one lengthscale per parameter, over continuous, categorical and
conditional coordinates.

    F       (n, D) features: what `Coordinates.features` makes of n configurations
    group   (D,) parameter to which each feature column belongs; FIXED (-1) marks columns that have
            no lengthscale
    ell     (d,) lengthscales, one per parameter
    Z       (n, D) scaled features, Z_j = F_j / ell_group(j)
    r       Euclidean distance of two rows of Z
    k       (1 + sqrt5 r + 5/3 r^2) exp(-sqrt5 r)
    h       (1 + sqrt5 r) exp(-sqrt5 r), which carries the gradient: dk / d(r^2) = -5/6 h

A categorical parameter owns one column per category, one-hot / sqrt 2, so that two different
categories are at distance 1 / ell (Hamming). Sources: Rasmussen and Williams (2006), equation 4.17;
for conditional parameters, Swersky et al. (2014) and Levesque et al. (2017): an inactive coordinate
is imputed, and a fixed column tells active from inactive.
"""

import math

import numpy as np

from dowse.numerics.arrays import FloatArray, IntArray

FIXED = -1
SQRT5 = math.sqrt(5.0)


def column_scales(ell: FloatArray, group: IntArray) -> FloatArray:
    """(D,) what each feature column is divided by: its parameter's lengthscale, 1 for a FIXED
    column.
    """
    return np.append(ell, 1.0)[group]


def squared_distances(Z1: FloatArray, Z2: FloatArray) -> FloatArray:
    """(n1, n2) squared distances of rows by one matrix product; the rounding, about 1e-13, does no
    harm here.
    """
    r2 = Z1 @ Z2.T
    r2 *= -2.0
    r2 += np.einsum("ij,ij->i", Z1, Z1)[:, None]
    r2 += np.einsum("ij,ij->i", Z2, Z2)
    return np.asarray(np.maximum(r2, 0.0, out=r2), dtype=np.float64)


def matern52(r2: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The factors k and h at the squared distances r2."""
    r5 = np.sqrt(r2)
    r5 *= SQRT5
    h = np.negative(r5)
    np.exp(h, out=h)
    k = h * r2
    k *= 5.0 / 3.0
    r5 += 1.0
    h *= r5
    k += h
    return k, h


def lengthscale_gradient(H: FloatArray, Z: FloatArray, group: IntArray, d: int) -> FloatArray:
    """(d,) gradient by log ell of sum_ij W_ij k_ij / 2, given H = 5/3 W h (symmetric).

    Since d r_ij^2 / d log ell_k = -2 (Z_ik - Z_jk)^2 and dk / d(r^2) = -5/6 h, the sum is 1/2
    sum_ij H_ij (Z_ik - Z_jk)^2, which one matrix product gives for every column: sum_i (H 1)_i
    Z_ik^2 - sum_i Z_ik (H Z)_ik.
    """
    columns = H.sum(1) @ (Z * Z) - np.einsum("ij,ij->j", Z, H @ Z)
    return np.asarray(np.bincount(group + 1, columns, d + 1)[1:], dtype=np.float64)
