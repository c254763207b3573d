"""ODM to tables with lxml: iterparse gives a subject at a time, as a tree."""

from lxml import etree

from tables import IS_NULL, NO_VALUE

NAMESPACE = "{http://www.cdisc.org/ns/odm/v1.3}"
(SUBJECT, EVENT, FORM, GROUP, ITEM, AUDIT, SITE, UNIT, USER, LOCATION, *TEXTS) = (
    NAMESPACE + name
    for name in (
        "SubjectData",
        "StudyEventData",
        "FormData",
        "ItemGroupData",
        "ItemData",
        "AuditRecord",
        "SiteRef",
        "MeasurementUnitRef",
        "UserRef",
        "LocationRef",
        "DateTimeStamp",
        "ReasonForChange",
        "SourceID",
    )
)


class Reader:
    def __init__(self, tables):
        self.tables = tables
        self.codes = tables.codes
        self.last_key = 0
        self.add_subject = tables.rows("subject_data").append
        self.add_event = tables.rows("study_event_data").append
        self.add_form = tables.rows("form_data").append
        self.add_group = tables.rows("item_group_data").append
        self.add_item = tables.rows("item_data").append
        self.add_audit = tables.rows("audit_record").append

    def read(self, path):
        for _event, subject in etree.iterparse(path, tag=SUBJECT):
            self.subject(subject)
            self.tables.flush_full()
            subject.clear()
            while subject.getprevious() is not None:
                del subject.getparent()[0]

    def new_key(self):
        self.last_key += 1
        return self.last_key

    def level(self, element, oid, repeat_key):
        codes, get = self.codes, element.get
        return codes[get(oid)], codes[get(repeat_key)], codes[get("TransactionType")]

    def subject(self, subject):
        key, site = self.new_key(), 0
        for child in subject:
            if child.tag == EVENT:
                self.event(child, key)
            elif child.tag == SITE:
                site = self.codes[child.get("LocationOID")]
        self.add_subject((key, subject.get("SubjectKey"), site, self.codes[subject.get("TransactionType")]))

    def event(self, event, subject):
        key = self.new_key()
        self.add_event((key, subject, *self.level(event, "StudyEventOID", "StudyEventRepeatKey")))
        for form in event.iterchildren(FORM):
            self.form(form, key)

    def form(self, form, event):
        key = self.new_key()
        self.add_form((key, event, *self.level(form, "FormOID", "FormRepeatKey")))
        for group in form.iterchildren(GROUP):
            self.group(group, key)

    def group(self, group, form):
        key = self.new_key()
        self.add_group((key, form, *self.level(group, "ItemGroupOID", "ItemGroupRepeatKey")))
        for item in group.iterchildren(ITEM):
            self.item(item, key)

    def item(self, item, group):
        codes = self.codes
        code, unit = codes[item.get("ItemOID")], 0
        for child in item:
            if child.tag == AUDIT:
                self.audit(child, group, code)
            elif child.tag == UNIT:
                unit = codes[child.get("MeasurementUnitOID")]
        value = item.get("Value")
        flags = (NO_VALUE if value is None else 0) | (IS_NULL if item.get("IsNull") == "Yes" else 0)
        self.add_item((group, code, value, flags, codes[item.get("TransactionType")], unit))

    def audit(self, audit, group, item):
        self.new_key()
        user = location = 0
        texts = {}
        for child in audit:
            tag = child.tag
            if tag == USER:
                user = self.codes[child.get("UserOID")]
            elif tag == LOCATION:
                location = self.codes[child.get("LocationOID")]
            else:
                texts[tag] = child.text or ""
        self.add_audit((group, item, user, location, *map(texts.get, TEXTS)))


def read(path, tables):
    Reader(tables).read(path)
