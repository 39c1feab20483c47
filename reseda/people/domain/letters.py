"""The letters this room sends: codes, French and English texts, variables with an example each."""

from collections.abc import Mapping
from dataclasses import dataclass

ADDRESS = "https://reseda.ecole.fr"


@dataclass(frozen=True)
class Letter:
    """A kind of letter, declared to whoever carries the mail; texts are keyed by language."""

    code: str
    subject: Mapping[str, str]
    body: Mapping[str, str]
    variables: Mapping[str, str]


SIGN_IN_LINK = Letter(
    code="people.sign_in_link",
    subject={"fr": "Votre lien de connexion à Réséda", "en": "Your sign-in link for Réséda"},
    body={
        "fr": """Bonjour {name},

Ouvrez cette adresse, puis appuyez sur « Me connecter » :

{url}

Elle sert une seule fois, pendant {minutes} minutes. Si vous n’avez rien demandé, ignorez ce \
message : personne n’entre sans cette adresse.
""",
        "en": """Hello {name},

Open this address, then press “Sign in”:

{url}

It works once, for {minutes} minutes. If you did not ask for it, ignore this message: nobody \
gets in without this address.
""",
    },
    variables={"name": "Camille", "url": f"{ADDRESS}/connexion/lien/…/", "minutes": "15"},
)

PASSWORD_RESET = Letter(
    code="people.password_reset",
    subject={
        "fr": "Choisir un nouveau mot de passe Réséda",
        "en": "Choose a new Réséda password",
    },
    body={
        "fr": """Bonjour {name},

Pour choisir un nouveau mot de passe, ouvrez cette adresse :

{url}

Elle sert une seule fois, pendant {minutes} minutes. Si vous n’avez rien demandé, ignorez ce \
message : votre mot de passe ne change pas.
""",
        "en": """Hello {name},

To choose a new password, open this address:

{url}

It works once, for {minutes} minutes. If you did not ask for it, ignore this message: your \
password stays as it is.
""",
    },
    variables={
        "name": "Camille",
        "url": f"{ADDRESS}/connexion/mot-de-passe/…/",
        "minutes": "60",
    },
)

SECURITY_NOTICE = Letter(
    code="people.security_notice",
    subject={"fr": "Réséda : {what}", "en": "Réséda: {what}"},
    body={
        "fr": """Bonjour {name},

Un changement vient d’être fait sur votre compte : {what}.

Si c’est vous, il n’y a rien à faire. Sinon, choisissez tout de suite un nouveau mot de passe \
et fermez les autres sessions :

{url}
""",
        "en": """Hello {name},

Something has just changed on your account: {what}.

If it was you, there is nothing to do. If not, choose a new password now and end the other \
sessions:

{url}
""",
    },
    variables={
        "name": "Camille",
        "what": "une clé d’accès a été ajoutée",
        "url": f"{ADDRESS}/mon-compte/",
    },
)

ANSWER_LINK = Letter(
    code="people.answer_link",
    subject={
        "fr": "{school} : un nouveau lien pour répondre",
        "en": "{school}: a new link to answer",
    },
    body={
        "fr": """Bonjour,

Le lien qui vous avait été envoyé avait expiré. En voici un autre, pour la même question, \
valable {days} jours :

{url}

Aucun compte n’est nécessaire. Ne transmettez pas ce lien : il répond en votre nom.
""",
        "en": """Hello,

The link you were sent had expired. Here is another one, for the same question, valid for \
{days} days:

{url}

No account is needed. Do not pass this link on: it answers in your name.
""",
    },
    variables={"school": "École", "url": f"{ADDRESS}/repondre/…/", "days": "14"},
)

WELCOME = Letter(
    code="people.welcome",
    subject={"fr": "Votre compte Réséda est ouvert", "en": "Your Réséda account is open"},
    body={
        "fr": """Bonjour {name},

{school} vous a ouvert un compte sur Réséda. Pour entrer la première fois, demandez un lien de \
connexion avec cette adresse électronique :

{url}
""",
        "en": """Hello {name},

{school} has opened a Réséda account for you. To get in the first time, ask for a sign-in link \
with this e-mail address:

{url}
""",
    },
    variables={"name": "Camille", "school": "École", "url": f"{ADDRESS}/connexion/lien/"},
)

LETTERS = (SIGN_IN_LINK, PASSWORD_RESET, SECURITY_NOTICE, ANSWER_LINK, WELCOME)
