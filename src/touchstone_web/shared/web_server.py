"""How gunicorn runs under `touchstone serve`; gunicorn reads these names."""

from touchstone_web.shared.servers import end_with_parent

worker_class = "gthread"
threads = 4
timeout = 120
graceful_timeout = 20
loglevel = "warning"
# Nobody but the supervisor steers it.
control_socket_disable = True


def on_starting(server: object) -> None:
    """Called in the process that holds the web processes."""
    end_with_parent()
