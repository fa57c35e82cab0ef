from dowse.cli.logged import logged_lines
from dowse.domain.annotations import Annotation, AnnotationKind
from dowse.wire.logged import logged_document

K = AnnotationKind


def said(kind: AnnotationKind, key: str, value: str, holder: str = "") -> Annotation:
    return Annotation(kind=kind, key=key, value=value, holder=holder)


def test_a_trial_that_logged_nothing_shows_nothing() -> None:
    document = logged_document([], [])
    assert list(logged_lines(document)) == []
    assert document == {
        "parameters": {},
        "tags": {},
        "runs": [],
        "models": [],
        "registered": {},
        "datasets": [],
        "files": [],
    }


def test_everything_that_was_logged_is_shown_and_the_librarys_own_tags_are_not() -> None:
    dataset = '{"dataset": {"name": "iris", "digest": "d1"}, "tags": []}'
    annotations = [
        said(K.PARAMETER, "lr", "0.1"),
        said(K.TAG, "team", "blue"),
        said(K.TAG, "mlflow.user", "root"),
        said(K.RUN, "status", "FINISHED"),
        said(K.RUN, "name", "fold", holder="r1"),
        said(K.RUN, "status", "FINISHED", holder="r1"),
        said(K.RUN, "prefix", "fold/", holder="r1"),
        said(K.PARAMETER, "k", "3", holder="r1"),
        said(K.MODEL, "name", "net", holder="m-1"),
        said(K.MODEL, "model_type", "sklearn", holder="m-1"),
        said(K.REGISTERED, "best", '[{"version": "1"}, {"version": "2"}]'),
        said(K.INPUT, "iris:d1", dataset),
    ]
    files = [(f"run/{number:02}.txt", number) for number in range(12)]
    document = logged_document(annotations, files)
    assert document["runs"][0]["parameters"] == {"k": "3"}
    assert document["datasets"] == [{"run": None, "name": "iris", "digest": "d1"}]
    assert list(logged_lines(document)) == [
        "Logged parameters: lr = 0.1",
        "Tags: team = blue",
        "Run: fold, finished, its metrics as fold/…",
        "Model: net, sklearn",
        "Registered: best, version 1, 2",
        *[f"Logged file: run/{number:02}.txt ({number} bytes)" for number in range(10)],
        "Logged files: 2 more",
    ]
