"""What each rule of the database forbids: the rule's name, a good row, and what makes it a bad one."""

from tests import factories as make

HASH = "repeat('a', 64)"
BODY = {"body": "نص"}
NAMES = (
    ("countryname", make.CountryNameFactory),
    ("personname", make.PersonNameFactory),
    ("sourcename", make.SourceNameFactory),
)
FACTS = (
    ("citation", make.CitationFactory),
    ("event", make.EventFactory),
    ("eventlink", make.EventLinkFactory),
    ("mention", make.MentionFactory),
    ("office", make.OfficeFactory),
    ("participation", make.ParticipationFactory),
    ("succession", make.SuccessionFactory),
)
DATES = (
    ("article", make.ArticleFactory, "published"),
    ("country", make.CountryFactory, "existed_from"),
    ("country", make.CountryFactory, "existed_until"),
    ("event", make.EventFactory, "start"),
    ("event", make.EventFactory, "end"),
    ("office", make.OfficeFactory, "start"),
    ("office", make.OfficeFactory, "end"),
    ("succession", make.SuccessionFactory, "date"),
)
LANGUAGES = (
    ("article", make.ArticleFactory),
    ("articleabstract", make.ArticleAbstractFactory),
    *NAMES,
)
SLUGS = (
    ("event", make.EventFactory),
    ("person", make.PersonFactory),
    ("source", make.SourceFactory),
    ("sourcecollection", make.SourceCollectionFactory),
)
FILLED = (
    ("article", make.ArticleFactory, "title"),
    ("articleabstract", make.ArticleAbstractFactory, "text"),
    ("country", make.CountryFactory, "name"),
    ("event", make.EventFactory, "title"),
    ("office", make.OfficeFactory, "title"),
    ("person", make.PersonFactory, "name"),
    ("purge", make.PurgeFactory, "reason"),
    ("source", make.SourceFactory, "name"),
    ("sourcecollection", make.SourceCollectionFactory, "name"),
    *((table, factory, "text") for table, factory in NAMES),
)
CHOICES = (
    ("article", make.ArticleFactory, "title_origin"),
    ("country", make.CountryFactory, "kind"),
    ("event", make.EventFactory, "occurrence"),
    ("event", make.EventFactory, "type"),
    ("eventlink", make.EventLinkFactory, "kind"),
    ("mention", make.MentionFactory, "how"),
    ("participation", make.ParticipationFactory, "role"),
    ("review", make.ReviewFactory, "decision"),
    ("source", make.SourceFactory, "kind"),
    ("succession", make.SuccessionFactory, "kind"),
    *((table, factory, "kind") for table, factory in NAMES),
    *((table, factory, "status") for table, factory in FACTS),
)
ENDS = (
    ("country", make.CountryFactory, "existed_from", "existed_until"),
    ("event", make.EventFactory, "start", "end"),
    ("office", make.OfficeFactory, "start", "end"),
)

# The rule, the maker of a good row, what it is to be made with, and the SQL that breaks it.
BREAKING = [
    *(
        (f"{t}_language_well_formed", f, {}, f"language = {bad}")
        for t, f in LANGUAGES
        for bad in ("''", "'Arabic language'")
    ),
    *(
        (f"{t}_slug_well_formed", f, {}, f"slug = '{bad}'")
        for t, f in SLUGS
        for bad in ("", "Elaph", "a--b", "-a", "a_b", "إيلاف")
    ),
    *((f"{t}_{c}_not_empty", f, {}, f"{c} = '{bad}'") for t, f, c in FILLED for bad in ("", " \t")),
    *((f"{t}_{c}", f, {}, f"{c} = '{bad}'") for t, f, c in CHOICES for bad in ("", "nothing")),
    *(
        (f"{t}_{c}_bounds", f, {c: "2021-08"}, bad.format(c=c))
        for t, f, c in DATES
        for bad in (
            '"{c}" = NULL',
            "{c}_lower = NULL",
            "{c}_upper = NULL",
            "{c}_upper = {c}_lower - 1",
        )
    ),
    *(
        (
            f"{t}_ends_after_start",
            f,
            {a: "1972-04-09", b: "1972-04-10"},
            f"{b}_lower = '1972-04-08', {b}_upper = '1972-04-08'",
        )
        for t, f, a, b in ENDS
    ),
    *(
        ("source_languages_well_formed", make.SourceFactory, {}, f"languages = ARRAY['{bad}']")
        for bad in ("arabic", "", "ar en", "ar,en")
    ),
    ("article_identifier_well_formed", make.ArticleFactory, {}, "identifier = ''"),
    ("article_identifier_well_formed", make.ArticleFactory, {}, "identifier = 'https://a b'"),
    ("article_identifier_well_formed", make.ArticleFactory, {}, "identifier = 'ftp://news.example/1'"),
    ("article_identifier_well_formed", make.ArticleFactory, {}, "identifier = 'urn:sha256:abc'"),
    ("articleaddress_url_well_formed", make.ArticleAddressFactory, {}, "url = 'news.example/1'"),
    ("articleaddress_url_well_formed", make.ArticleAddressFactory, {}, "url = 'https://'"),
    ("articletext_body_matches", make.ArticleTextFactory, BODY, "body = 'غيره'"),
    ("articletext_body_matches", make.ArticleTextFactory, BODY, "body = 'نص '"),
    ("articletext_never_changes", make.ArticleTextFactory, {}, f"sha256 = {HASH}"),
    ("articletext_never_changes", make.ArticleTextFactory, {}, "length = length + 1"),
    ("citation_sha256_well_formed", make.CitationFactory, {}, "sha256 = upper(sha256)"),
    ("citation_sha256_well_formed", make.CitationFactory, {}, "sha256 = 'abc'"),
    ("citation_span", make.CitationFactory, {}, '"end" = start'),
    ("citation_end_within_text", make.CitationFactory, {}, '"end" = 10000'),
    ("archive_citation_start_check", make.CitationFactory, {}, "start = -1"),
    ("archive_citation_end_check", make.CitationFactory, {}, 'start = 0, "end" = -1'),
    ("citation_one_target", make.CitationFactory, {}, "event_id = NULL"),
    ("citation_one_target", make.CitationFactory, {}, "office_id = 1"),
    ("country_code_well_formed", make.CountryFactory, {}, "code = 'iq'"),
    ("country_code_well_formed", make.CountryFactory, {}, "code = 'IRQ'"),
    ("country_alpha3_well_formed", make.CountryFactory, {}, "alpha3 = 'irq'"),
    ("country_numeric_well_formed", make.CountryFactory, {}, "\"numeric\" = '36'"),
    ("event_mode_of_type", make.EventFactory, {"type": "consult", "mode": "visit"}, "mode = 'boycott'"),
    ("event_mode_of_type", make.EventFactory, {"type": "consult", "mode": "visit"}, "type = 'agree'"),
    ("event_contexts", make.EventFactory, {"contexts": ["military"]}, "contexts = '{{military,nothing}}'"),
    ("event_contexts", make.EventFactory, {}, "contexts = '{{NULL}}'"),
    ("eventlink_not_itself", make.EventLinkFactory, {}, "other_id = event_id"),
    ("mention_span", make.MentionFactory, {}, "\"end\" = start, surface = ''"),
    ("mention_surface_fills_span", make.MentionFactory, {}, "surface = 'عراق'"),
    ("mention_end_within_text", make.MentionFactory, {}, 'start = start + 10000, "end" = "end" + 10000'),
    ("archive_mention_start_check", make.MentionFactory, {}, 'start = -6, "end" = 0'),
    ("archive_mention_end_check", make.MentionFactory, {}, 'start = -9, "end" = -3'),
    ("mention_one_target", make.MentionFactory, {}, "country_id = NULL"),
    ("mention_one_target", make.MentionFactory, {}, "person_id = 1"),
    ("mention_one_target", make.MentionFactory, {}, "country_id = NULL, proposed_name = 'فلان'"),
    ("mention_one_target", make.MentionFactory, {}, "country_id = NULL, status = 'suggested'"),
    ("participation_one_participant", make.ParticipationFactory, {}, "country_id = NULL"),
    ("participation_one_participant", make.ParticipationFactory, {}, "person_id = 1"),
    ("person_wikidata_well_formed", make.PersonFactory, {}, "wikidata = ''"),
    ("person_wikidata_well_formed", make.PersonFactory, {}, "wikidata = 'Q0'"),
    ("review_one_target", make.ReviewFactory, {}, "mention_id = NULL"),
    ("review_one_target", make.ReviewFactory, {}, "event_id = 1"),
    ("succession_not_itself", make.SuccessionFactory, {}, "successor_id = predecessor_id"),
]

# Columns that never change: what breaks their rules can only come in with a new row.
NEW = [
    ("articletext_sha256_well_formed", make.ArticleTextFactory, {"sha256": "abc"}),
    ("articletext_length_positive", make.ArticleTextFactory, {"length": 0}),
    ("archive_articletext_length_check", make.ArticleTextFactory, {"length": -1}),
]

# Codes that no two countries of today share: the rule, and the code.
TODAY = [
    ("country_alpha3_once_today", {"alpha3": "ZQZ"}),
    ("country_numeric_once_today", {"numeric": "999"}),
]

# The rule, the maker of a row, what both rows are made with, and the fields the second has from the first.
DOUBLES = [
    ("article_identifier_once", make.ArticleFactory, {}, ["source", "identifier"]),
    ("articleabstract_once", make.ArticleAbstractFactory, {}, ["article", "language"]),
    ("archive_articleaddress_url_key", make.ArticleAddressFactory, {}, ["url"]),
    ("articletext_once", make.ArticleTextFactory, {}, ["article", "sha256", "length"]),
    ("citation_once", make.CitationFactory, {}, ["text", "start", "end", "event"]),
    ("collectionmember_once", make.CollectionMemberFactory, {}, ["collection", "source"]),
    ("archive_country_code_key", make.CountryFactory, {}, ["code"]),
    ("countryname_once", make.CountryNameFactory, {}, ["country", "text", "language", "kind"]),
    ("archive_event_slug_key", make.EventFactory, {}, ["slug"]),
    ("eventlink_once", make.EventLinkFactory, {}, ["event", "other", "kind"]),
    ("mention_once", make.MentionFactory, {}, ["text", "start", "country"]),
    (
        "mention_once",
        make.MentionFactory,
        {"status": "suggested", "proposed_name": "فلان"},
        ["text", "start"],
    ),
    ("office_once", make.OfficeFactory, {}, ["person", "title", "country"]),
    ("office_once", make.OfficeFactory, {"country": None, "start": "2021"}, ["person", "title"]),
    ("participation_once", make.ParticipationFactory, {}, ["event", "country", "role"]),
    ("archive_person_slug_key", make.PersonFactory, {}, ["slug"]),
    ("archive_person_wikidata_key", make.PersonFactory, {"wikidata": "Q9545"}, ["wikidata"]),
    ("personname_once", make.PersonNameFactory, {}, ["person", "text", "language", "kind"]),
    ("archive_purge_article_key", make.PurgeFactory, {}, ["article"]),
    ("archive_source_slug_key", make.SourceFactory, {}, ["slug"]),
    ("archive_sourcecollection_slug_key", make.SourceCollectionFactory, {}, ["slug"]),
    ("sourcename_once", make.SourceNameFactory, {}, ["source", "text", "language", "kind"]),
    ("succession_once", make.SuccessionFactory, {}, ["predecessor", "successor"]),
]
