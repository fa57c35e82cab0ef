import numpy as np

from dowse.numerics.arrays import FloatArray
from dowse.numerics.coordinates import Condition, Coordinate, Coordinates
from dowse.numerics.rivals import Rival, has_turn, rival

NUMBER, LABELS = Coordinate(), Coordinate(categories=3)
SPACE = Coordinates((NUMBER, LABELS))
THETA = np.log([0.5, 0.5, 1.0, 1e-3])


def tried(labels: list[int]) -> FloatArray:
    return np.column_stack([np.linspace(0.0, 1.0, len(labels)), labels])


def whose(labels: list[int], z: list[float]) -> int:
    found = rival(SPACE, THETA, tried(labels), np.array(z))
    assert found is not None
    return found.label


def test_rivals_wait_for_the_first_results() -> None:
    assert not any(has_turn(index, np.zeros(7)) for index in range(12))


def test_rivals_get_one_turn_in_six_while_the_search_makes_progress() -> None:
    z = np.linspace(1.0, -1.0, 20)
    assert [index for index in range(12) if has_turn(index, z)] == [5, 11]


def test_rivals_get_every_second_turn_once_it_makes_none() -> None:
    z = np.append(np.linspace(1.0, -1.0, 12), np.full(8, -1.01))
    assert [index for index in range(6) if has_turn(index, z)] == [1, 3, 5]


def test_a_label_that_was_hardly_tried_comes_first() -> None:
    assert whose([0, 0, 0, 1, 1, 2], [-1.0, -1.0, -1.0, 0.0, 0.0, 5.0]) == 2


def test_pending_trials_count_as_tried() -> None:
    # The last two have no result yet.
    assert whose([0, 0, 1, 1, 2, 2, 2], [-1.0, -1.0, 0.5, 0.0, 0.2]) == 1


def test_of_labels_tried_the_most_promising_comes_first() -> None:
    assert whose([0, 0, 1, 1, 2, 2], [-1.0, -1.0, 0.5, 0.4, 0.3, 0.6]) == 2


def test_a_label_that_makes_no_progress_comes_last() -> None:
    labels = [0, 0, *[1] * 8, 2, 2]
    refined = [0.1, *[0.0] * 7]
    assert whose(labels, [-1.0, -1.0, *refined, 2.0, 2.0]) == 2
    still_better = [0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -0.1]
    assert whose(labels, [-1.0, -1.0, *still_better, 2.0, 2.0]) == 1


def test_labels_that_make_no_difference_are_no_rivals() -> None:
    theta = np.log([0.5, 5.0, 1.0, 1e-3])
    assert rival(SPACE, theta, tried([0, 1]), np.array([0.0, 1.0])) is None


def test_a_parameter_of_many_labels_is_left_to_the_model() -> None:
    many = Coordinates((NUMBER, Coordinate(categories=13)))
    assert rival(many, THETA, tried([0, 1]), np.array([0.0, 1.0])) is None


def test_a_space_without_labels_has_no_rivals() -> None:
    theta = np.log([0.5, 1.0, 1e-3])
    assert rival(Coordinates((NUMBER,)), theta, np.zeros((2, 1)), np.array([0.0, 1.0])) is None


def test_a_label_is_imposed_where_its_coordinate_is_active() -> None:
    parent = Coordinate(categories=2)
    child = Coordinate(
        categories=3, condition=Condition(parent=0, accepts=lambda u: np.equal(u, 1.0))
    )
    space = Coordinates((parent, child))
    X = np.array([[0.0, 2.0], [1.0, 0.0], [1.0, 2.0]])
    label = Rival(coordinate=1, label=2)
    assert label.holds(space, X).tolist() == [False, False, True]
    assert label.imposed(space, X).tolist() == [[1.0, 2.0], [1.0, 2.0]]
