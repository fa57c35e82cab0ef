"""A sine wave with noise, predicted one step ahead by a Keras network."""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import openbayestool
import tensorflow as tf

LENGTH, EXAMPLES = 24, 1024


def get_args():
    """OpenBayes appends the values of this execution to the command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--learning_rate", type=float, default=0.01)
    parser.add_argument("--units", type=int, default=16)
    parser.add_argument("--layers", type=float, default=1)
    parser.add_argument("--batch_size", type=float, default=64)
    parser.add_argument("--optimizer", choices=["adam", "rmsprop", "sgd"], default="adam")
    return parser.parse_args()


def load_data():
    """Pieces of waves of many lengths, and the value that follows each."""
    rng = np.random.default_rng(7)
    start = rng.uniform(0.0, 2 * np.pi, (2 * EXAMPLES, 1))
    speed = rng.uniform(0.1, 0.6, (2 * EXAMPLES, 1))
    waves = np.sin(start + speed * np.arange(LENGTH + 1))
    noisy = waves[:, :LENGTH] + rng.normal(0.0, 0.1, (2 * EXAMPLES, LENGTH))
    inputs, following = noisy.astype("float32"), waves[:, LENGTH:].astype("float32")
    train = inputs[:EXAMPLES], following[:EXAMPLES]
    return train, (inputs[EXAMPLES:], following[EXAMPLES:])


def build(args):
    layers = [tf.keras.layers.Dense(args.units, activation="tanh") for _ in range(int(args.layers))]
    model = tf.keras.Sequential([tf.keras.Input((LENGTH,)), *layers, tf.keras.layers.Dense(1)])
    optimizer = {
        "adam": tf.keras.optimizers.Adam,
        "rmsprop": tf.keras.optimizers.RMSprop,
        "sgd": tf.keras.optimizers.SGD,
    }[args.optimizer]
    model.compile(optimizer=optimizer(args.learning_rate), loss="mse", metrics=["mae"])
    return model


class Report(tf.keras.callbacks.Callback):
    """Tells OpenBayes of every epoch."""

    def on_epoch_end(self, epoch, logs=None):
        openbayestool.log_metric("loss", float(logs["val_loss"]))
        openbayestool.log_metric("mae", float(logs["val_mae"]))


if __name__ == "__main__":
    args = get_args()
    tf.keras.utils.set_random_seed(0)
    train, test = load_data()
    build(args).fit(
        *train,
        validation_data=test,
        epochs=args.epochs,
        batch_size=int(args.batch_size),
        verbose=2,
        callbacks=[Report()],
    )
