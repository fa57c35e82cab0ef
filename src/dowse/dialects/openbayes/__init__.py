"""OpenBayes' `openbayes.yaml` with a `hyper_tuning` section."""
