"""scikit-learn's autologging, as in MLflow's own introduction."""

import argparse

import mlflow
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

parser = argparse.ArgumentParser()
parser.add_argument("--c", type=float)
args = parser.parse_args()

mlflow.sklearn.autolog()
X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model = LogisticRegression(C=args.c, max_iter=300).fit(X_train, y_train)
model.score(X_test, y_test)  # logged after fit() has ended the run
mlflow.log_metric("accuracy", model.score(X_test, y_test))
mlflow.sklearn.log_model(
    model, "again", serialization_format="cloudpickle", registered_model_name="best"
)
