"""Boosted trees on the iris data, with the log loss of the test part after every round."""

import argparse
import os

import joblib
import mlflow
import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split

ROUNDS = 40


def get_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("--iris-csv", required=True)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--boosting", choices=["gbdt", "dart"], default="gbdt")
    parser.add_argument("--model", help="the folder for the trained model")
    return parser.parse_args()


def load_data(path):
    table = np.genfromtxt(path, delimiter=",", dtype=str, skip_header=1)
    classes, labels = np.unique(table[:, 4], return_inverse=True)
    split = train_test_split(
        table[:, :4].astype(float), labels, test_size=0.4, random_state=0, stratify=labels
    )
    return classes, split


def main():
    args = get_args()
    classes, (train_x, test_x, train_y, test_y) = load_data(args.iris_csv)
    model = GradientBoostingClassifier(
        learning_rate=args.learning_rate,
        # Leaving rows out of each round stands for the trees that dart leaves out.
        subsample=0.6 if args.boosting == "dart" else 1.0,
        max_depth=2,
        random_state=0,
        warm_start=True,
        n_estimators=1,
    )
    mlflow.log_params({"learning_rate": args.learning_rate, "boosting": args.boosting})
    for count in range(1, ROUNDS + 1):
        model.set_params(n_estimators=count).fit(train_x, train_y)
        loss = log_loss(test_y, model.predict_proba(test_x), labels=range(len(classes)))
        mlflow.log_metric("test-multi_logloss", float(loss), step=count)
    print(f"log loss {loss:.4f} after {ROUNDS} rounds")
    if args.model:
        joblib.dump(model, os.path.join(args.model, "model.joblib"))


if __name__ == "__main__":
    main()
