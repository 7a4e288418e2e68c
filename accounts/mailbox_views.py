"""The mailbox: mail that was kept in the app because no mail server is set."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.access import allowed
from accounts.mailbox import attachments_of, readable_by, text_of
from jit_backoffice.http import HtmxRequest

PAGE_ROWS = 50


@allowed("read_vendor_mail")
def mailbox(request: HtmxRequest) -> HttpResponse:
    kept = readable_by(request.user).defer("raw")
    page = Paginator(kept, PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "accounts/mailbox.html", {"page": page})


@allowed("read_vendor_mail")
def mailbox_message(request: HtmxRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(readable_by(request.user), pk=pk)
    context = {
        "message": message,
        "text": text_of(message),
        "attachments": attachments_of(message),
    }
    return render(request, "accounts/mailbox_message.html", context)


@allowed("read_vendor_mail")
def mailbox_attachment(request: HtmxRequest, pk: int, number: int) -> HttpResponse:
    """A file of a mail, to keep, never to show."""
    message = get_object_or_404(readable_by(request.user), pk=pk)
    for attachment in attachments_of(message):
        if attachment.number == number:
            return HttpResponse(
                attachment.content,
                content_type=attachment.content_type,
                headers={
                    "Content-Disposition": "attachment; filename="
                    f'"{attachment.safe_name}"',
                    "X-Content-Type-Options": "nosniff",
                },
            )
    raise Http404("This mail has no such file.")
