"""A training program for OpenBayes, as its documentation shows it."""

import json

import openbayestool

parameters = json.load(open("openbayes_params.json"))
openbayestool.log_param("optimizer", "sgd")
openbayestool.log_param("batch", 32)
openbayestool.log_param("typo", 1)
openbayestool.clear_param("typo")
openbayestool.log_metric("a/b 中", 1.0)
openbayestool.clear_metric("a/b 中")
for epoch in range(3):
    openbayestool.log_metric("loss", 1.0 / (epoch + 1))
    openbayestool.log_metric("precision", str(parameters["lr"] * (epoch + 1)))
