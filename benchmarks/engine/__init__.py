"""The engine's figures: how good its suggestions are and what they cost, beside its peers."""

import os

# One computing thread, for us as for the peers; NumPy reads this when it is loaded.
os.environ.update(
    dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
    )
)
