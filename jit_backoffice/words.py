"""The one vocabulary of states: word, icon and colour, for screens, mail and PDF."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StateWord:
    """How a state is shown; ``colour`` is a name of the palette in app.css."""

    word: str
    icon: str
    colour: str


STATES: dict[str, dict[str, StateWord]] = {
    "stock": {
        "out": StateWord("Out of stock", "x-octagon-fill", "red"),
        "runs_out": StateWord("Runs out", "exclamation-triangle-fill", "red"),
        "low": StateWord("Low", "arrow-down-circle-fill", "amber"),
        "enough": StateWord("Enough", "check-circle-fill", "green"),
        "unknown": StateWord("Count due", "clipboard-check", "blue"),
    },
    "order": {
        "suggested": StateWord("Suggested", "lightbulb", "blue"),
        "draft": StateWord("Draft", "pencil", "grey"),
        "submitted": StateWord("Waiting for approval", "hourglass-split", "amber"),
        "sent_back": StateWord("Sent back", "arrow-counterclockwise", "red"),
        "approved": StateWord("Approved", "check2-square", "blue"),
        "sent": StateWord("Sent", "send", "blue"),
        "uncertain": StateWord("Sending uncertain", "question-diamond", "amber"),
        "confirmed": StateWord("Confirmed", "calendar-check", "green"),
        "partly_received": StateWord("Partly received", "circle-half", "amber"),
        "received": StateWord("Received", "check-circle-fill", "green"),
        "late": StateWord("Late", "clock", "red"),
        "closed": StateWord("Closed", "archive", "grey"),
        "cancelled": StateWord("Cancelled", "slash-circle", "grey"),
    },
    "line": {
        "must": StateWord("Must", "square-fill", "red"),
        "should": StateWord("Should", "square-fill", "amber"),
        "fill_up": StateWord("Fill-up", "square-fill", "grey"),
    },
    "import_row": {
        "new": StateWord("New", "plus-circle-fill", "blue"),
        "changed": StateWord("Changed", "pencil-fill", "violet"),
        "duplicate": StateWord("Duplicate", "files", "grey"),
        "ignored": StateWord("Ignored", "slash-circle", "grey"),
        "parked": StateWord("Parked", "pause-circle-fill", "amber"),
        "rejected": StateWord("Rejected", "x-circle-fill", "red"),
        "warning": StateWord("Imported, but odd", "info-circle", "grey"),
        "read": StateWord("Rows read", "file-earmark-text", "grey"),
    },
    "import": {
        "uploaded": StateWord("Uploaded", "cloud-upload", "grey"),
        "checked": StateWord("Ready to import", "check2-square", "blue"),
        "importing": StateWord("Importing", "hourglass-split", "blue"),
        "stalled": StateWord("Stalled", "pause-circle-fill", "amber"),
        "done": StateWord("Done", "check-circle-fill", "green"),
        "failed": StateWord("Failed", "x-circle-fill", "red"),
        "undoing": StateWord("Being undone", "hourglass-split", "grey"),
        "undone": StateWord("Undone", "arrow-counterclockwise", "grey"),
        "cancelled": StateWord("Cancelled", "slash-circle", "grey"),
    },
    "feed": {
        "live": StateWord("Live", "check-circle-fill", "green"),
        "new": StateWord("Nothing sent yet", "hourglass-split", "blue"),
        "silent": StateWord("Silent", "exclamation-triangle-fill", "amber"),
        "stopped": StateWord("Stopped", "pause-circle-fill", "grey"),
    },
    "feed_message": {
        "waiting": StateWord("Waiting", "hourglass-split", "grey"),
        "read": StateWord("Read", "check-circle-fill", "green"),
        "problem": StateWord("Not understood", "exclamation-triangle-fill", "red"),
        "test": StateWord("Test", "patch-check", "blue"),
    },
    "check": {
        "well": StateWord("Well", "check-circle-fill", "green"),
        "problem": StateWord("Look at this", "exclamation-triangle-fill", "red"),
    },
    "job": {
        "waiting": StateWord("Waiting", "hourglass-split", "grey"),
        "running": StateWord("Running", "play-fill", "blue"),
        "done": StateWord("Done", "check-circle-fill", "green"),
        "failed": StateWord("Failed", "x-circle-fill", "red"),
        "cancelled": StateWord("Cancelled", "slash-circle", "grey"),
        "skipped": StateWord("Skipped", "slash-circle", "amber"),
    },
    "mail": {
        "waiting": StateWord("Waiting", "hourglass-split", "amber"),
        "sending": StateWord("Sending", "send", "blue"),
        "sent": StateWord("Sent", "check-circle-fill", "green"),
        "uncertain": StateWord("Sending uncertain", "question-diamond", "amber"),
        "failed": StateWord("Failed", "x-circle-fill", "red"),
    },
    "count": {"due": StateWord("Count due", "clipboard-check", "blue")},
}

CURRENCY_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
