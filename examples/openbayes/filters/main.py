"""Digits through random filters of a size to be found, with a linear classifier on top."""

import argparse

import numpy as np
import openbayestool
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split


def get_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--filters", type=int, default=4)
    parser.add_argument("--filter_size", type=float, default=3)
    parser.add_argument("--pooling", choices=["max", "mean"], default="max")
    return parser.parse_args()


def features(images, args):
    """The responses of random filters, pooled over four quarters of the image."""
    size = int(args.filter_size)
    rng = np.random.default_rng(0)
    filters = rng.normal(size=(args.filters, size, size)) / size
    windows = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    responses = np.maximum(np.einsum("nxyij,fij->nfxy", windows, filters), 0.0)
    half = (responses.shape[2] + 1) // 2
    pool = np.max if args.pooling == "max" else np.mean
    corners = [(slice(0, half), slice(half, None))[i] for i in (0, 1)]
    pooled = [pool(responses[:, :, a, b], axis=(2, 3)) for a in corners for b in corners]
    return np.concatenate([*pooled, images.reshape(len(images), -1)[:, ::4]], axis=1)


def main():
    args = get_args()
    digits = load_digits()
    found = features(digits.images / 16.0, args)
    train_x, test_x, train_y, test_y = train_test_split(
        found, digits.target, test_size=0.3, random_state=0, stratify=digits.target
    )
    model = SGDClassifier(loss="log_loss", random_state=0)
    for epoch in range(1, args.epochs + 1):
        model.partial_fit(train_x, train_y, classes=range(10))
        loss = log_loss(test_y, model.predict_proba(test_x), labels=range(10))
        accuracy = model.score(test_x, test_y)
        print(f"epoch {epoch}: loss {loss:.4f}, accuracy {accuracy:.4f}", flush=True)
        openbayestool.log_metric("loss", loss)
        openbayestool.log_metric("accuracy", accuracy)


if __name__ == "__main__":
    main()
