"""ODM to tables with the events of expat."""

from xml.parsers.expat import ParserCreate

from tables import IS_NULL, NO_VALUE

CHUNK = 1 << 20
TEXTS = ("DateTimeStamp", "ReasonForChange", "SourceID")


class Reader:
    def __init__(self, tables):
        self.tables = tables
        self.codes = tables.codes
        self.last_key = 0
        self.subject = self.event = self.form = self.group = 0
        self.subject_key = self.subject_transaction = None
        self.site = 0
        self.item = None
        self.unit = 0
        self.audit = None
        self.text = None
        self.add_subject = tables.rows("subject_data").append
        self.add_event = tables.rows("study_event_data").append
        self.add_form = tables.rows("form_data").append
        self.add_group = tables.rows("item_group_data").append
        self.add_item = tables.rows("item_data").append
        self.add_audit = tables.rows("audit_record").append
        self.starts = {
            "ItemData": self.start_item,
            "AuditRecord": self.start_audit,
            "UserRef": self.start_user,
            "LocationRef": self.start_location,
            "MeasurementUnitRef": self.start_unit,
            "ItemGroupData": self.start_group,
            "FormData": self.start_form,
            "StudyEventData": self.start_event,
            "SubjectData": self.start_subject,
            "SiteRef": self.start_site,
            **dict.fromkeys(TEXTS, self.start_text),
        }
        self.ends = {
            "ItemData": self.end_item,
            "AuditRecord": self.end_audit,
            "ItemGroupData": self.end_group,
            "SubjectData": self.end_subject,
            **dict.fromkeys(TEXTS, self.end_text),
        }

    def read(self, path):
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        with open(path, "rb") as file:
            while chunk := file.read(CHUNK):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def start(self, name, attributes):
        handler = self.starts.get(name)
        if handler is not None:
            handler(attributes)

    def end(self, name):
        handler = self.ends.get(name)
        if handler is not None:
            handler(name)

    def characters(self, text):
        if self.text is not None:
            self.text.append(text)

    def start_item(self, attributes):
        self.item = attributes
        self.unit = 0

    def end_item(self, _name):
        item, codes = self.item, self.codes
        value = item.get("Value")
        flags = (NO_VALUE if value is None else 0) | (IS_NULL if item.get("IsNull") == "Yes" else 0)
        transaction = codes[item.get("TransactionType")]
        self.add_item((self.group, codes[item.get("ItemOID")], value, flags, transaction, self.unit))
        self.item = None

    def start_audit(self, _attributes):
        self.last_key += 1
        if self.item is not None:
            self.audit = {}

    def end_audit(self, _name):
        audit = self.audit
        if audit is None:
            return
        user, location = audit.get("user", 0), audit.get("location", 0)
        item = self.codes[self.item.get("ItemOID")]
        self.add_audit((self.group, item, user, location, *map(audit.get, TEXTS)))
        self.audit = None

    def start_user(self, attributes):
        if self.audit is not None:
            self.audit["user"] = self.codes[attributes.get("UserOID")]

    def start_location(self, attributes):
        if self.audit is not None:
            self.audit["location"] = self.codes[attributes.get("LocationOID")]

    def start_unit(self, attributes):
        if self.item is not None:
            self.unit = self.codes[attributes.get("MeasurementUnitOID")]

    def start_text(self, _attributes):
        if self.audit is not None:
            self.text = []

    def end_text(self, name):
        if self.text is not None:
            self.audit[name] = "".join(self.text)
            self.text = None

    def start_group(self, attributes):
        self.last_key = self.group = self.last_key + 1
        self.add_group((self.group, self.form, *self.level(attributes, "ItemGroupOID", "ItemGroupRepeatKey")))

    def end_group(self, _name):
        self.tables.flush_full()

    def start_form(self, attributes):
        self.last_key = self.form = self.last_key + 1
        self.add_form((self.form, self.event, *self.level(attributes, "FormOID", "FormRepeatKey")))

    def start_event(self, attributes):
        self.last_key = self.event = self.last_key + 1
        self.add_event((self.event, self.subject, *self.level(attributes, "StudyEventOID", "StudyEventRepeatKey")))

    def level(self, attributes, oid, repeat_key):
        codes, get = self.codes, attributes.get
        return codes[get(oid)], codes[get(repeat_key)], codes[get("TransactionType")]

    def start_subject(self, attributes):
        self.last_key = self.subject = self.last_key + 1
        self.subject_key = attributes.get("SubjectKey")
        self.subject_transaction = self.codes[attributes.get("TransactionType")]
        self.site = 0

    def start_site(self, attributes):
        self.site = self.codes[attributes.get("LocationOID")]

    def end_subject(self, _name):
        self.add_subject((self.subject, self.subject_key, self.site, self.subject_transaction))


def read(path, tables):
    Reader(tables).read(path)
