"""Parameter files with odd but legal YAML, as PyRadiomics reads them: golden of test/radiomics/parameter-file-yaml.test.ts.

    python parameter_files_reference.py > test/goldens/parameter-files.json     (requirements-pyradiomics.txt)

Each case: the text, and either what PyRadiomics takes from it (its groups as `_applyParams` leaves them, numbers with their type) or
that it refuses it.
"""
import json
import logging
import os
import sys
import tempfile

import pykwalify
import radiomics
import ruamel.yaml
from radiomics import featureextractor

logging.disable(logging.CRITICAL)

CASES = {
    "block style": "imageType:\n  Original: {}\nsetting:\n  binWidth: 5\n",
    "flow style": "{imageType: {Original: {}}, setting: {binWidth: 5, resampledPixelSpacing: [1, 2, 3]}}",
    "flow over lines": "setting: {\n  binWidth: 5,\n  sigma: [\n    1.0,\n    2\n  ],\n}\nimageType: {LoG: {}}\n",
    "JSON": '{"setting": {"binCount": 32}, "featureClass": {"glcm": ["Contrast"]}}',
    "empty image type": "imageType:\n  Original:\n  Wavelet:\n",
    "null words": "setting: {binCount: 8, weightingNorm: ~, interpolator: null}",
    "empty values": "setting:\n  weightingNorm:\n  interpolator:\n",
    "Null and NULL": "setting: {weightingNorm: Null, interpolator: NULL}",
    "empty class": "featureClass:\n  firstorder:\n  glcm: []\n",
    "anchor and alias": "setting:\n  resampledPixelSpacing: &s [1, 2, 3]\n  sigma: *s\nimageType: {LoG: {}}\n",
    "alias of a map": "imageType:\n  Original: &o {binWidth: 10}\n  Square: *o\n",
    "merge key": "x: &b\n  binWidth: 3\nimageType:\n  Original: {}\n",
    "merge in image types": "imageType:\n  Original: &b {binWidth: 3}\n  Square:\n    <<: *b\n    binCount: 8\n",
    "merge is overruled": "imageType:\n  Original: &b {binWidth: 3}\n  Square: {<<: *b, binWidth: 4}\n",
    "merge of a list": "imageType:\n  Original: &a {binWidth: 3}\n  Square: &b {binCount: 4}\n  Gradient: {<<: [*a, *b]}\n",
    "anchor of a scalar": "setting: {binWidth: &w 7, normalizeScale: *w}",
    "quoted number": "setting: {binWidth: '5'}",
    "double quoted number": 'setting: {binCount: "32"}',
    "quoted key": "'setting': {\"binWidth\": 5}",
    "quoted name": "featureClass: {'glcm': ['Contrast', \"Id\"]}",
    "escape in quotes": 'featureClass: {"\\x67lcm": ["Contr\\u0061st"]}',
    "float for a whole number": "setting: {binCount: 32.0}",
    "whole number for a float": "setting: {binWidth: 25}",
    "label as float": "setting: {label: 1.0}",
    "exponent": "setting: {binWidth: 2.5e+1, normalizeScale: 1e2}",
    "exponent without sign": "setting: {normalizeScale: 1e2}",
    "leading point": "setting: {binWidth: .5}",
    "trailing point": "setting: {binWidth: 5.}",
    "plus sign": "setting: {binCount: +16, binWidth: +2.5}",
    "underscores in a whole number": "setting: {binCount: 1_000}",
    "underscores in a float": "setting: {binWidth: 1_0.5}",
    "octal of YAML 1.1": "setting: {binCount: 010}",
    "octal of YAML 1.2": "setting: {binCount: 0o10}",
    "hexadecimal": "setting: {binCount: 0x10}",
    "binary": "setting: {binCount: 0b101}",
    "sexagesimal": "setting: {binCount: 1:30}",
    "infinity": "setting: {geometryTolerance: .inf}",
    "not a number": "setting: {binWidth: .nan}",
    "yes": "setting: {normalize: yes}",
    "on": "setting: {force2D: on}",
    "no and off": "setting: {normalize: no, force2D: off}",
    "True": "setting: {normalize: True, force2D: TRUE, correctMask: false}",
    "y": "setting: {normalize: y}",
    "quoted true": "setting: {normalize: 'true'}",
    "one as boolean": "setting: {normalize: 1}",
    "boolean as a number": "setting: {binCount: true}",
    "directive 1.1 with yes": "%YAML 1.1\n---\nsetting: {normalize: yes, force2D: off}\n",
    "directive 1.1 with octal": "%YAML 1.1\n---\nsetting: {binCount: 010}\n",
    "directive 1.2": "%YAML 1.2\n---\nsetting: {binCount: 010}\n",
    "document marks": "---\nsetting: {binWidth: 5}\n...\n",
    "two documents": "setting: {binWidth: 5}\n---\nsetting: {binWidth: 6}\n",
    "duplicate key": "setting:\n  binWidth: 5\n  binWidth: 6\n",
    "duplicate group": "setting: {binWidth: 5}\nsetting: {binCount: 6}\n",
    "tag float": "setting: {binWidth: !!float 5}",
    "tag int of text": "setting: {binCount: !!int '32'}",
    "tag str": "setting: {binCount: !!str 32}",
    "tag float of text": "setting: {binWidth: !!float '2.5'}",
    "tag bool": "setting: {normalize: !!bool 'true'}",
    "tag null": "setting: {interpolator: !!null ''}",
    "tag seq and map": "setting: !!map {resampledPixelSpacing: !!seq [1, 1, 1]}",
    "python tuple": "setting: {resampledPixelSpacing: !!python/tuple [1, 1, 1]}",
    "python float": "setting: {binWidth: !!python/float '5'}",
    "unknown tag": "setting: {binWidth: !width 5}",
    "comments everywhere": "# first\nsetting: # of all\n  # inside\n  binWidth: 5 # units\n\n  # last\n",
    "no space after hash": "setting: {wavelet: db2#x}",
    "windows lines": "setting:\r\n  binWidth: 5\r\n  binCount: 8\r\n",
    "byte order mark": "\ufeffsetting: {binWidth: 5}\n",
    "tab after the colon": "setting:\n  binWidth:\t5\n",
    "tab as indentation": "setting:\n\tbinWidth: 5\n",
    "list without indentation": "featureClass:\n  glcm:\n  - Contrast\n  - Id\n",
    "folded text": "setting:\n  interpolator: >-\n    sitkLinear\n",
    "literal text": "setting:\n  interpolator: |-\n    sitkLinear\n",
    "complex key": "? setting\n: {binWidth: 5}\n",
    "one bound": "setting: {resegmentRange: [3]}",
    "bounds with spaces": "setting: {resegmentRange: [ -3 , 3 ], resegmentMode: sigma}",
    "group of null": "setting:\nimageType: {Original: {}}\n",
    "image types of null": "imageType:\n",
    "only a comment": "# nothing\n",
    "features of null in flow": "featureClass: {glcm: , glszm: }",
    "name of a number": "setting: {5: 6}",
    "list as image types": "imageType: [Original]\n",
    "class as text": "featureClass: {glcm: Contrast}",
    "class as false": "featureClass: {glcm: false}",
    "image type as false": "imageType: {Original: false}",
    "sigma as a scalar": "imageType: {LoG: {sigma: 3}}",
    "shift as float": "setting: {voxelArrayShift: 300.0}",
    "shift negative": "setting: {voxelArrayShift: -300}",
    "gldm_a float": "setting: {gldm_a: 1.0}",
    "interpolator as number": "setting: {interpolator: 2}",
    "label zero": "setting: {label: 0}",
}


def plain(value):
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, float):
        return repr(value) if value != value or value in (float("inf"), float("-inf")) else value
    return value


found = []
for name, text in CASES.items():
    suffix = ".json" if name == "JSON" else ".yaml"
    with tempfile.NamedTemporaryFile("w", suffix=suffix, delete=False, encoding="utf-8", newline="") as file:
        file.write(text)
    case = {"name": name, "text": text}
    extractor = featureextractor.RadiomicsFeatureExtractor()
    defaults = dict(extractor.settings)
    try:
        extractor.loadParams(file.name)
        changed = {k: v for k, v in extractor.settings.items() if k not in defaults or defaults[k] != v or type(defaults[k]) is not type(v)}
        case["taken"] = plain(
            {
                "imageType": extractor.enabledImagetypes,
                "featureClass": {k: v or [] for k, v in extractor.enabledFeatures.items()},
                "setting": changed,
            }
        )
    except Exception as error:  # noqa: BLE001: any kind of refusal counts
        case["refused"] = type(error).__name__
    finally:
        os.unlink(file.name)
    found.append(case)
print(
    json.dumps(
        {
            "pyradiomics": radiomics.__version__,
            "pykwalify": pykwalify.__version__,
            "ruamel.yaml": ruamel.yaml.__version__,
            "cases": found,
        },
        indent=1,
    )
)
print(len(CASES), "cases", sum("refused" in c for c in found), "refused", file=sys.stderr)
