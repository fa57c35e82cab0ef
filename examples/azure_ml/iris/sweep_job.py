"""The same sweep with the SDK: `sweep_job` may be handed to Dowse as it is."""

from pathlib import Path

from azure.ai.ml import Input, Output, command
from azure.ai.ml.sweep import Choice, MedianStoppingPolicy, Uniform

HERE = Path(__file__).parent

command_job = command(
    code=str(HERE / "src"),
    command="python main.py --iris-csv ${{inputs.iris_csv}} "
    "--learning-rate ${{inputs.learning_rate}} --boosting ${{inputs.boosting}} "
    "--model ${{outputs.model}}",
    environment="AzureML-lightgbm-3.2-ubuntu18.04-py37-cpu@latest",
    inputs={
        "iris_csv": Input(type="uri_file", path=str(HERE / "data" / "iris.csv")),
        "learning_rate": 0.9,
        "boosting": "gbdt",
    },
    outputs={"model": Output(type="uri_folder")},
    compute="cpu-cluster",
)
command_job_for_sweep = command_job(
    learning_rate=Uniform(min_value=0.01, max_value=0.9),
    boosting=Choice(values=["gbdt", "dart"]),
)
sweep_job = command_job_for_sweep.sweep(
    compute="cpu-cluster",
    sampling_algorithm="random",
    primary_metric="test-multi_logloss",
    goal="Minimize",
)
sweep_job.display_name = "lightgbm-iris-sweep-example"
sweep_job.experiment_name = "lightgbm-iris-sweep-example"
sweep_job.description = "Run a hyperparameter sweep job for LightGBM on Iris dataset."
sweep_job.set_limits(max_total_trials=20, max_concurrent_trials=10, timeout=7200)
sweep_job.early_termination = MedianStoppingPolicy(delay_evaluation=5, evaluation_interval=2)
