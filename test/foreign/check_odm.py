"""Findings of an ODM 1.3 document against its own definitions, with Python's own XML parser and decimal numbers.

Usage: check_odm.py FILE...  Prints a JSON list of [rule, SubjectKey, StudyEventOID, FormOID, ItemGroupOID, ItemOID, Value].
The documents are snapshots that hold every record once; of several, definitions may stand in one and data in another.
"""
import gzip
import json
import re
import sys
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal


def local(tag):
    return tag.rsplit('}', 1)[-1]


def children(element, name):
    return [child for child in element if local(child.tag) == name]


def is_date(text):
    try:
        return bool(re.fullmatch(r'\d{4}-\d\d-\d\d', text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


FORMS = {
    'integer': lambda text: bool(re.fullmatch(r'[+-]?\d+', text)),
    'float': lambda text: bool(re.fullmatch(r'[+-]?(\d+\.?\d*|\.\d+)', text)),
    'date': is_date,
}


class Versions:
    def __init__(self, roots):
        self.versions = {}
        for root in roots:
            for study in children(root, 'Study'):
                for version in children(study, 'MetaDataVersion'):
                    self.versions[study.get('OID'), version.get('OID')] = version

    def find(self, study, oid, kind, name):
        """A definition in a version, or in those that it includes."""
        version = self.versions.get((study, oid))
        if version is None:
            [version] = [one for (_, other), one in self.versions.items() if other == oid] or [None]
        if version is None:
            return None
        for one in children(version, kind):
            if one.get('OID') == name:
                return one
        for include in children(version, 'Include'):
            return self.find(include.get('StudyOID'), include.get('MetaDataVersionOID'), kind, name)
        return None


COMPARE = {
    'LT': lambda value, checks: value < checks[0],
    'LE': lambda value, checks: value <= checks[0],
    'GT': lambda value, checks: value > checks[0],
    'GE': lambda value, checks: value >= checks[0],
    'EQ': lambda value, checks: value == checks[0],
    'NE': lambda value, checks: value != checks[0],
    'IN': lambda value, checks: value in checks,
    'NOTIN': lambda value, checks: value not in checks,
}


def check_value(find, definition, item, value):
    kind = definition.get('DataType')
    if kind in FORMS and not FORMS[kind](value):
        yield 'type'
        return
    length = definition.get('Length')
    if length is not None and kind in ('text', 'string') and len(value) > int(length):
        yield 'length'
    if length is not None and kind == 'integer' and abs(int(value)) >= 10 ** int(length):
        yield 'length'
    digits = definition.get('SignificantDigits')
    if kind == 'float' and length is not None and digits is not None:
        number = Decimal(value)
        if abs(number) >= Decimal(10) ** (int(length) - int(digits)):
            yield 'length'
        if (number * Decimal(10) ** int(digits)) % 1 != 0:
            yield 'significant_digits'
    for reference in children(definition, 'CodeListRef'):
        code_list = find('CodeList', reference.get('CodeListOID'))
        codes = [one.get('CodedValue') for one in code_list if local(one.tag) in ('CodeListItem', 'EnumeratedItem')]
        if codes and value not in codes:
            yield 'codelist'
    of_item = [unit.get('MeasurementUnitOID') for unit in children(definition, 'MeasurementUnitRef')]
    sent = [unit.get('MeasurementUnitOID') for unit in children(item, 'MeasurementUnitRef')]
    sent += [item.get('MeasurementUnitOID')] if item.get('MeasurementUnitOID') else []
    for check in children(definition, 'RangeCheck'):
        unit = [one.get('MeasurementUnitOID') for one in children(check, 'MeasurementUnitRef')]
        if unit and of_item and (sent or (of_item if len(of_item) == 1 else [None])) != unit:
            continue
        read = Decimal if kind in ('integer', 'float') else str
        try:
            checks = [read(one.text) for one in children(check, 'CheckValue')]
        except ArithmeticError:
            continue
        if checks and not COMPARE[check.get('Comparator')](read(value), checks):
            yield 'range'


def findings(roots):
    versions = Versions(roots)
    for root in roots:
        for clinical in children(root, 'ClinicalData'):
            study, version = clinical.get('StudyOID'), clinical.get('MetaDataVersionOID')

            def find(kind, name):
                return versions.find(study, version, kind, name)

            for subject in children(clinical, 'SubjectData'):
                # REDCap's classic projects have no visits.
                for event in children(subject, 'StudyEventData') or [subject]:
                    for form in children(event, 'FormData'):
                        for group in children(form, 'ItemGroupData'):
                            place = [subject.get('SubjectKey'), event.get('StudyEventOID'), form.get('FormOID'), group.get('ItemGroupOID')]
                            present = set()
                            for item in group:
                                if not local(item.tag).startswith('ItemData'):
                                    continue
                                value = item.get('Value') if local(item.tag) == 'ItemData' else item.text
                                if not value or item.get('IsNull') == 'Yes':
                                    continue
                                present.add(item.get('ItemOID'))
                                definition = find('ItemDef', item.get('ItemOID'))
                                if definition is not None:
                                    for rule in check_value(find, definition, item, value):
                                        yield [rule, *place, item.get('ItemOID'), value]
                            definition = find('ItemGroupDef', group.get('ItemGroupOID'))
                            for reference in [] if definition is None else children(definition, 'ItemRef'):
                                oid = reference.get('ItemOID')
                                conditional = reference.get('CollectionExceptionConditionOID') is not None
                                if reference.get('Mandatory') == 'Yes' and oid not in present and not conditional:
                                    yield ['mandatory', *place, oid, None]


def read(path):
    with (gzip.open if path.endswith('.gz') else open)(path, 'rb') as file:
        return ET.parse(file).getroot()


print(json.dumps(sorted(findings([read(path) for path in sys.argv[1:]]), key=str)))
