"""Gallery: people and their templates on disk, searched straight from the page cache.

    PersonRecord ─► Gallery.add, update, delete, compact ─► segments, log, manifest
                                │
    PersonProbe ─► search_person, search_people(Gallery.snapshot()) ─► people, evidence, decision

One writer, any number of readers; what is guaranteed stands in `docs/decisions/0006-gallery.md`. A gallery is
derived data and lies unencrypted: it can be made anew from the system of record.

Stands above comparison and calibration and below deduplication.
"""

from biocapil.gallery.gallery import Gallery
from biocapil.gallery.info import GalleryInfo, gallery_info
from biocapil.gallery.models import FaceModel, GalleryModels, IrisModel
from biocapil.gallery.people_export import export_people
from biocapil.gallery.people_file import PeopleFile
from biocapil.gallery.person_filter import PersonFilter
from biocapil.gallery.person_probe import PersonProbe, person_probe, probe_of_record
from biocapil.gallery.person_record import PersonRecord, Sex, person_record
from biocapil.gallery.person_search import search_people, search_person
from biocapil.gallery.rebuilding import rebuild_gallery
from biocapil.gallery.search_result import PersonCandidate, PersonSearch, SearchTimes
from biocapil.gallery.searched_part import SearchedPart
from biocapil.gallery.snapshot import GallerySnapshot
from biocapil.gallery.verification import Damage, VerifyReport, verify_gallery

__all__ = [
    "Damage",
    "FaceModel",
    "Gallery",
    "GalleryInfo",
    "GalleryModels",
    "GallerySnapshot",
    "IrisModel",
    "PeopleFile",
    "PersonCandidate",
    "PersonFilter",
    "PersonProbe",
    "PersonRecord",
    "PersonSearch",
    "SearchTimes",
    "SearchedPart",
    "Sex",
    "VerifyReport",
    "export_people",
    "gallery_info",
    "person_probe",
    "person_record",
    "probe_of_record",
    "rebuild_gallery",
    "search_people",
    "search_person",
    "verify_gallery",
]
