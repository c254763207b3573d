"""`frames.py cdiscbuilder|odmlib FILE`: clinical data to data frames as each package does it. Prints JSON."""

import measure  # first, so that what the others need counts

import sys


def cdiscbuilder(path):
    """One frame with a row an item: what its datasets are made from."""
    from cdiscbuilder.sdtm.odm_parser import parse_odm_to_long_df

    return {"items": len(parse_odm_to_long_df(path))}


def odmlib(path):
    """A frame an item group."""
    from odmlib.dataframe import clinical_data_to_dataframe
    from odmlib.loader import ODMLoader
    from odmlib.odm_loader import XMLODMLoader

    loader = ODMLoader(XMLODMLoader())
    loader.open_odm_document(path)
    values = 0
    for clinical_data in loader.root().ClinicalData:
        for group in loader.MetaDataVersion().ItemGroupDef:
            frame = clinical_data_to_dataframe(clinical_data, group.OID)
            values += int(frame.drop(columns="SubjectKey", errors="ignore").notna().sum().sum())
    return {"values": values}


package, file = sys.argv[1:]
measure.report(**{"cdiscbuilder": cdiscbuilder, "odmlib": odmlib}[package](file))
