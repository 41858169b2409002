"""The texts of the catalogue of instruments in English and Spanish; names of channels, mechanisms and keys stay what they are."""

from __future__ import annotations

TEXTS = {
    "moves": ("moves", "mueve"),
    "moves_by": ("{channel} by {strength} {unit}", "{channel} en {strength} {unit}"),
    "nothing": ("no channel: it pays money only", "ningún canal: solo paga dinero"),
    "read_by": ("read by", "lo leen"),
    "cost": ("full effect", "efecto pleno"),
    "cost_of": ("{cost} kUSD a year per {per}", "{cost} mil USD al año por {per}"),
    "reaches": ("reaches", "alcanza a"),
    "paid_to": ("paid to", "se paga a"),
    "cofinance": ("co-finance", "cofinancia"),
    "grade": ("evidence", "evidencia"),
    "source": ("source", "fuente"),
    "plugin": ("from", "procede de"),
    "own": ("Own parameter", "Parámetro propio"),
    "common": ("Every instrument takes", "Todo instrumento admite"),
    "rules": ("Rules, which steer the money of a programme", "Reglas, que dirigen el dinero de un programa"),
    "grades": ("Grades of evidence", "Grados de evidencia"),
    "parameter": ("Parameter", "Parámetro"),
    "default": ("Default", "Por defecto"),
    "range": ("Range", "Valores"),
    "meaning": ("Meaning", "Significado"),
    "required": ("required", "obligatorio"),
}
FAMILIES = {
    "networking": ("Involving actors and linking them", "Implicar a los actores y vincularlos"),
    "institution": ("The institution and joint projects", "La institución y los proyectos conjuntos"),
    "firms": ("Firms, finance, knowledge and markets", "Empresas, financiación, conocimiento y mercados"),
    "place": ("Skills, infrastructure, rules and public demand", "Competencias, infraestructura, reglas y demanda pública"),
    "plugin": ("Your own", "Propios"),
}
PER = {
    "cluster": ("cluster", "clúster"),
    "hundred firms": ("hundred firms reached, as counted at the start", "cien empresas alcanzadas, contadas al inicio"),
    "thousand jobs": ("thousand jobs of the firms reached, as counted at the start",
                      "mil empleos de las empresas alcanzadas, contados al inicio"),
}  # fmt: skip
UNIT = {"1": ("", ""), "share": ("(share)", "(proporción)"), "persons": ("persons", "personas"),
        "persons/quarter": ("persons a quarter", "personas por trimestre")}  # fmt: skip
REACHES = {
    "firms": ("single firms, chosen by classes and segments", "empresas, elegidas por classes y segments"),
    "cluster": ("the cluster as a whole", "el clúster en conjunto"),
    "both": ("single firms, chosen by classes and segments, and in part the whole cluster",
             "empresas, elegidas por classes y segments, y en parte todo el clúster"),
    "money": ("whoever is paid", "quien recibe el pago"),
}  # fmt: skip
RECIPIENT = {
    "nation": ("suppliers anywhere in the nation", "proveedores de cualquier parte del país"),
    "facilitator": ("the facilitator", "el facilitador"),
    "association": ("the association; nothing while there is none", "la asociación; nada mientras no exista"),
    "university": ("the university", "la universidad"),
    "projects": ("a fund for joint projects", "un fondo para proyectos conjuntos"),
    "guarantees": ("a guarantee fund", "un fondo de garantías"),
    "ventures": ("a venture fund", "un fondo de capital semilla"),
}
PAYER = {
    "association": ("the association, the part that cofinance says", "la asociación, la parte que dice cofinance"),
    "firms": ("the firms that it reaches, the part that cofinance says", "las empresas alcanzadas, la parte que dice cofinance"),
}
GRADE = {"measured": ("measured", "medida"), "reported": ("reported", "informada"), "argued": ("argued", "argumentada"),
         "assumed": ("assumed", "supuesta")}  # fmt: skip
# What the parameters mean, in Spanish; their English is in `clustersim.policy.instruments`.
PARAMETERS = {
    "start": "Trimestres tras el inicio de la etapa.",
    "quarters": "Duración en trimestres; la de la etapa si no se da.",
    "per_year": "Costo en miles de USD al año, público y privado juntos.",
    "taper": "Última parte de la duración, en la que el dinero cae hasta cero.",
    "cofinance": "Parte del costo que deben pagar manos privadas: la asociación, o las empresas alcanzadas si el instrumento es "
    "para empresas.",
    "classes": "Clases de tamaño que alcanza, donde actúa sobre empresas.",
    "segments": "Segmentos que alcanza; todos si no se dan.",
    "clusters": "Clústeres donde se usa, por nombre; todos los que el programa atiende si no se dan.",
    "until_private": "No se paga mientras la parte privada (suavizada) de los ingresos de la asociación sea al menos esta: el "
    "apoyo termina cuando el clúster se sostiene solo.",
    "report": "Si la segunda mitad de cada año se paga solo con un informe aceptado: personal, y proyectos en marcha o "
    "terminados hace poco.",
}
