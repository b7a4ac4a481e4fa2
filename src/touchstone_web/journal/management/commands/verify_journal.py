"""`verify_journal`: compute the whole journal again."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from touchstone_web.journal.queries import current_frontier, first_fault
from touchstone_web.shared.languages import words_for


class Command(BaseCommand):
    help = "Compute the whole journal again; exit 1 and the first wrong height when it fails."

    def handle(self, **options: Any) -> None:
        """Say that it holds, with its root, or where it does not."""
        words = words_for()
        fault = first_fault()
        if fault is None:
            frontier = current_frontier()
            root = frontier.root().hex()
            self.stdout.write(words.text("journal.whole", size=frontier.size, root=root))
            return
        what = words.text(f"journal.fault.{fault.what}")
        self.stderr.write(words.text("journal.first_fault", height=fault.height, what=what))
        sys.exit(1)
