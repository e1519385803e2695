"""What holds for every test: none is skipped in CI, and no property is timed."""

import os

import pytest
from hypothesis import settings

# A property says what holds, not how fast: a busy machine must not fail one. In CI the
# same examples are tried each time; at a desk, new ones.
settings.register_profile(
    "house", deadline=None, derandomize=os.environ.get("CI") == "true"
)
settings.load_profile("house")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    del config
    skipped = terminalreporter.stats.get("skipped", [])
    if os.environ.get("CI") == "true" and skipped:
        terminalreporter.write_line(f"{len(skipped)} skipped: not allowed in CI")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CI") == "true" and skipped and exitstatus == 0:
        session.exitstatus = 1
