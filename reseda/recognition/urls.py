"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from reseda.recognition.views import (
    assessments,
    decisions,
    evidence,
    files,
    juries,
    papers,
    regulations,
)

app_name = "recognition"

urlpatterns: list[URLPattern | URLResolver] = [
    path("mes-preuves/", evidence.list_evidence, name="my_evidence"),
    path("mes-preuves/ajouter/", evidence.add_evidence, name="add_evidence"),
    path("mes-preuves/<int:pk>/", evidence.edit_evidence, name="edit_evidence"),
    path("mes-preuves/<int:pk>/supprimer/", evidence.delete_evidence, name="delete_evidence"),
    path("mes-preuves/<int:pk>/reprendre/", evidence.restore_evidence, name="restore_evidence"),
    path("preuves/<int:pk>/piece/", evidence.open_attachment, name="open_attachment"),
    path("mon-dossier/", files.list_files, name="my_file"),
    path("mon-dossier/ouvrir/", files.open_file, name="open_file"),
    path("mon-dossier/<int:pk>/", files.read_file, name="read_file"),
    path("mon-dossier/<int:pk>/composer/", files.edit_file, name="edit_file"),
    path("mon-dossier/<int:pk>/deposer/", files.submit_file, name="submit_file"),
    path("mon-dossier/<int:pk>/retirer/", files.withdraw_file, name="withdraw_file"),
    path("mon-dossier/<int:pk>/decision.pdf", papers.download_decision, name="download_decision"),
    path("evaluations/", assessments.list_assessments, name="list_assessments"),
    path("evaluations/<int:pk>/", assessments.assess_file, name="assess_file"),
    path(
        "evaluations/<int:pk>/consulter/", assessments.consult_to_assess, name="consult_to_assess"
    ),
    path("evaluations/<int:pk>/complement/", assessments.ask_complement, name="ask_complement"),
    path("jurys/", juries.list_sessions, name="list_juries"),
    path("jurys/nouvelle/", juries.open_session, name="open_session"),
    path("jurys/<int:pk>/", juries.read_session, name="read_session"),
    path("jurys/<int:pk>/modifier/", juries.change_session, name="change_session"),
    path("jurys/<int:pk>/inscrire/", juries.plan_file, name="plan_file"),
    path("jurys/<int:pk>/proces-verbal/", juries.read_minutes, name="read_minutes"),
    path("jurys/dossiers/<int:pk>/", juries.judge_file, name="judge_file"),
    path("jurys/dossiers/<int:pk>/consulter/", juries.consult_to_judge, name="consult_to_judge"),
    path("jurys/dossiers/<int:pk>/complement/", juries.jury_complement, name="jury_complement"),
    path("jurys/dossiers/<int:pk>/desinscrire/", juries.unplan_file, name="unplan_file"),
    path("scolarite/decisions/", decisions.list_decisions, name="list_decisions"),
    path("reglements/", regulations.list_regulations, name="list_regulations"),
    path("reglements/nouveau/", regulations.draft_regulation, name="draft_regulation"),
    path("reglements/<int:pk>/", regulations.read_regulation, name="read_regulation"),
    path("reglements/<int:pk>/modifier/", regulations.revise_regulation, name="revise_regulation"),
    path("reglements/<int:pk>/publier/", regulations.publish_regulation, name="publish_regulation"),
]
