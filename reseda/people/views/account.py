"""One's own account: language, mandates, security, open sessions."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people import actions, queries
from reseda.people.forms import LanguageForm
from reseda.people.http import Request, remember_language


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request) -> HttpResponse:
    """Show one's account; its language can be changed."""
    form = LanguageForm(request.POST or None, initial={"language": request.user.language})
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        actions.set_language(request.user, language=language, by=request.user)
        with translation.override(language):
            messages.success(request, _("Votre langue est enregistrée."))
        response = redirect("people:account")
        remember_language(response, language)
        return response
    context = {
        "form": form,
        "mandates": request.viewer.mandates,
        "factors": queries.factors(request.user),
        "session_count": len(queries.sessions(request.user)),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "people/account.html", context, status=status)


@never_cache
@require_safe
def list_sessions(request: Request) -> HttpResponse:
    """List the browsers where the account is open."""
    context = {
        "sessions": queries.sessions(request.user),
        "current_key": request.session.session_key,
    }
    return render(request, "usersessions/usersession_list.html", context)


@require_POST
def end_session(request: Request, pk: int) -> HttpResponse:
    """Close one other session."""
    found = [one.session_key for one in queries.sessions(request.user) if one.pk == pk]
    if not found or found == [request.session.session_key]:
        raise Http404
    actions.end_sessions(request.user, keys=found, by=request.user)
    messages.success(request, _("Cette session est fermée."))
    return redirect("usersessions_list")


@require_POST
def end_other_sessions(request: Request) -> HttpResponse:
    """Close every session but this one."""
    keys = [one.session_key for one in queries.sessions(request.user)]
    others = [key for key in keys if key != request.session.session_key]
    count = actions.end_sessions(request.user, keys=others, by=request.user)
    messages.success(
        request,
        ngettext(
            "%(count)d autre session est fermée.", "%(count)d autres sessions sont fermées.", count
        )
        % {"count": count},
    )
    return redirect("usersessions_list")
