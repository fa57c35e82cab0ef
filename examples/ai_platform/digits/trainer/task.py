"""Train a small neural network on scikit-learn's handwritten digits."""

import argparse
import os

import hypertune
import joblib
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler


def get_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("--job-dir", help="where to write the trained model")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--learning-rate", type=float, default=0.001)
    parser.add_argument("--hidden-units", type=int, default=64)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--activation", default="relu", choices=["relu", "tanh", "logistic"])
    return parser.parse_args()


def load_data():
    digits = load_digits()
    train_x, test_x, train_y, test_y = train_test_split(
        digits.data, digits.target, test_size=0.3, random_state=0, stratify=digits.target
    )
    scaler = StandardScaler().fit(train_x)
    return scaler.transform(train_x), scaler.transform(test_x), train_y, test_y


def train_and_evaluate(args):
    train_x, test_x, train_y, test_y = load_data()
    model = MLPClassifier(
        hidden_layer_sizes=(args.hidden_units,),
        activation=args.activation,
        solver="adam",
        batch_size=args.batch_size,
        learning_rate_init=args.learning_rate,
        random_state=0,
    )
    reporter = hypertune.HyperTune()
    for epoch in range(1, args.epochs + 1):
        model.partial_fit(train_x, train_y, classes=range(10))
        accuracy = model.score(test_x, test_y)
        print(f"epoch {epoch}: loss {model.loss_:.4f}, accuracy {accuracy:.4f}", flush=True)
        reporter.report_hyperparameter_tuning_metric(
            hyperparameter_metric_tag="accuracy", metric_value=accuracy, global_step=epoch
        )
    return model


def save(model, job_dir):
    os.makedirs(job_dir, exist_ok=True)
    joblib.dump(model, os.path.join(job_dir, "model.joblib"))


if __name__ == "__main__":
    args = get_args()
    model = train_and_evaluate(args)
    if args.job_dir:
        save(model, args.job_dir)
