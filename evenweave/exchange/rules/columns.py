"""Which column of a list holds which field: the headings that lists of factories usually have."""

from collections.abc import Sequence

from evenweave.organisations.rules import plain

# Field → headings as `plain` leaves them. Contacts and buyers are numbered as on the form.
USUAL: dict[str, tuple[str, ...]] = {
    "name": ("name", "factory name", "factory", "facility name", "facility", "supplier name", "supplier",
             "enterprise name", "enterprise", "company name", "company", "unit name", "site name", "vendor name",
             "nom", "nom de l usine", "usine", "fournisseur"),
    "address": ("address", "address 1", "address1", "address line 1", "street", "street address", "facility address",
                "factory address", "full address", "adresse"),
    "address_more": ("address 2", "address2", "address line 2", "adresse 2"),
    "city": ("city", "town", "district", "ville"),
    "region": ("province", "region", "state", "state province", "province region", "region province", "division"),
    "postal_code": ("postal code", "postcode", "zip", "zip code", "code postal"),
    "country": ("country", "country name", "country code", "pays"),
    "latitude": ("lat", "latitude", "gps y"),
    "longitude": ("lng", "lon", "long", "longitude", "gps x"),
    "phone": ("phone", "telephone", "phone number", "tel", "telephone number", "factory phone"),
    "email": ("email", "e mail", "mail", "email address", "courriel"),
    "os_id": ("os id", "oar id", "os hub id", "open supply hub id", "osid", "oarid", "os_id"),
    "registry_id": ("registration number", "registry number", "national registry number", "licence number",
                    "license number", "original factory id", "factory id", "number in registry"),
    "workers_total": ("workers", "total workers", "number of workers", "workers total", "employees",
                      "total employees", "number of employees", "no of workers", "effectif"),
    "workers_female": ("female", "women", "female workers", "women workers", "workers female", "female employees",
                       "femmes"),
    "workers_male": ("male", "men", "male workers", "men workers", "workers male", "male employees", "hommes"),
    "has_dormitory": ("dormitory", "dormitories", "has dormitory"),
    "year_operations_began": ("year operations began", "year established", "established", "year of establishment",
                              "founded", "start year", "year"),
    "products": ("products", "main products", "product", "product type", "product types", "first product",
                 "produits"),
    "sectors": ("sector", "sectors", "industry", "division isic", "isic division", "secteur"),
    "owner_name": ("owner", "owner name", "owner legal name", "owner s legal name", "parent company"),
    "owner_address": ("owner address", "owner s address"),
    "owner_contact": ("owner contact", "owner s contact", "owner s contact person"),
    "owner_phone": ("owner phone", "owner s phone"),
    "contact_1_name": ("contact", "contact name", "contact person", "contact 1", "contact 1 name"),
    "contact_1_job_title": ("contact job title", "job title", "position", "contact 1 job title"),
    "contact_1_phone": ("contact phone", "contact 1 phone", "mobile"),
    "contact_1_email": ("contact email", "contact 1 email"),
    "contact_2_name": ("contact 2", "contact 2 name", "second contact"),
    "contact_2_phone": ("contact 2 phone",),
    "contact_2_email": ("contact 2 email",),
    "customer_1_name": ("customer 1", "buyer 1", "buyer", "customer", "customer 1 name", "main buyer"),
    "customer_1_years": ("customer 1 years", "buyer 1 years", "customer 1 length of relationship"),
    "customer_2_name": ("customer 2", "buyer 2", "customer 2 name"),
    "customer_2_years": ("customer 2 years", "buyer 2 years", "customer 2 length of relationship"),
    "customer_3_name": ("customer 3", "buyer 3", "customer 3 name"),
    "customer_3_years": ("customer 3 years", "buyer 3 years", "customer 3 length of relationship"),
}
FIELDS = tuple(USUAL)


def guessed(headings: Sequence[str]) -> dict[str, str]:
    """Heading → field for the headings that are usual; each field once, to the heading that is most usual for it."""
    wishes = [
        (rank, place, heading, field)
        for place, heading in enumerate(headings)
        for field, usual in USUAL.items()
        for rank, word in enumerate(usual)
        if plain(heading.replace("_", " ")) == plain(word.replace("_", " "))
    ]
    mapping: dict[str, str] = {}
    for _rank, _place, heading, field in sorted(wishes):
        if heading not in mapping and field not in mapping.values():
            mapping[heading] = field
    return mapping


def mapping_fault(mapping: dict[str, str]) -> str | None:
    """Why a mapping cannot be used: "name_missing", "field_twice", or None."""
    fields = list(mapping.values())
    if "name" not in fields:
        return "no_name"
    return "field_twice" if len(set(fields)) < len(fields) else None
