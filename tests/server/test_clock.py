"""The server's clock, beside a wall clock that is set wrong, set right, and drifts."""

import pytest

from server.clock import Clock
from tests.live.machine import SECOND, START, Machine


@pytest.fixture
def machine() -> Machine:
    return Machine()


def seconds(clock: Clock) -> float:
    return (clock.now_ms() - START // 1_000_000) / 1000


def test_it_goes_as_the_machine_does(machine: Machine) -> None:
    clock = machine.clock()
    machine.pass_time(90.25)
    assert seconds(clock) == 90.25


@pytest.mark.parametrize("jump", [-86_400.0, -2.5, 2.5, 86_400.0])
def test_a_jump_is_not_believed_and_said_once(machine: Machine, caplog: pytest.LogCaptureFixture, jump: float) -> None:
    clock = machine.clock()
    machine.wall += int(jump * SECOND)
    for minute in range(1, 5):
        machine.pass_time(60)
        assert seconds(clock) == minute * 60
    assert len(caplog.records) == 1
    assert f"{jump:+.1f} s" in caplog.text
    machine.wall -= int(jump * SECOND)
    machine.pass_time(60)
    assert seconds(clock) == 300
    machine.wall += int(jump * SECOND)
    clock.now_ms()
    assert len(caplog.records) == 2  # a second jump is said again
    assert abs(seconds(machine.clock()) - (300 + jump)) < 0.001  # a restart takes the wall clock's word


@pytest.mark.parametrize("drift", [-0.001, 0.001])
def test_a_drift_is_followed(machine: Machine, caplog: pytest.LogCaptureFixture, drift: float) -> None:
    clock, before = machine.clock(), 0
    for _ in range(10_000):
        machine.pass_time(1, drift=drift)
        now = clock.now_ms()
        assert now > before
        before = now
    assert before == machine.wall // 1_000_000
    assert not caplog.records


def test_a_correction_takes_its_time_and_never_goes_back(machine: Machine) -> None:
    clock = machine.clock()
    machine.wall -= 1_500_000_000
    moments = [seconds(clock)]
    for _ in range(200):
        machine.pass_time(1)
        moments.append(seconds(clock))
    assert moments[1] == 0.99
    assert moments == sorted(moments)
    assert moments[-1] == 198.5
