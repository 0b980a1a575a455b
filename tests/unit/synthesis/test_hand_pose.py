import numpy as np
import pytest

from biocapil.synthesis.hand_pose import HAND_TURN_LIMIT_RAD, draw_pose


def test_a_left_hand_is_the_mirror_of_a_right_hand_on_average() -> None:
    right, left = (
        np.mean(
            [
                [
                    (pose.x_px, pose.y_px, pose.turn_rad)
                    for pose in draw_pose(rng, mirrored=mirrored, difficulty=0)
                ]
                for rng in map(np.random.default_rng, range(60))
            ],
            axis=0,
        )
        for mirrored in (False, True)
    )
    assert right[:, 0] == pytest.approx(-left[:, 0], abs=25)
    assert right[:, 1] == pytest.approx(left[:, 1], abs=25)
    assert right[:, 2] == pytest.approx(-left[:, 2], abs=0.05)


def test_fingers_spread_from_the_wrist() -> None:
    turns = np.mean(
        [
            [pose.turn_rad for pose in draw_pose(np.random.default_rng(seed), mirrored=False, difficulty=0.5)]
            for seed in range(60)
        ],
        axis=0,
    )
    assert list(turns) == sorted(turns, reverse=True)


def test_a_hand_lies_more_crookedly_when_it_is_difficult() -> None:
    def spread(difficulty: float) -> float:
        poses = [
            draw_pose(np.random.default_rng(seed), mirrored=False, difficulty=difficulty)[1]
            for seed in range(80)
        ]
        assert all(abs(pose.turn_rad) < HAND_TURN_LIMIT_RAD + 0.4 for pose in poses)
        return float(np.std([pose.turn_rad for pose in poses]))

    assert spread(0) < spread(1)
