"""Jupyter's public conformance suite (jupyter_kernel_test) on the nacre kernel, with samples of our own.

Run by test/notebook/conformance.test.ts, which installs the kernelspec below JUPYTER_PATH.
"""
import unittest

import jupyter_kernel_test as jkt


class NacreKernelTests(jkt.KernelTests):
    kernel_name = "nacre"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('to the standard error')"
    code_generate_error = "throw new Error('on purpose')"
    code_inspect_sample = "Math.sqrt"
    code_clear_output = "import { clearOutput } from 'nacre';\nconsole.log('gone');\nclearOutput();"

    completion_samples = [
        {"text": "Math.sq", "matches": ["sqrt"]},
        {"text": "Math.hyp", "matches": ["hypot"]},
        {"text": "Math.LOG", "matches": ["LOG10E", "LOG2E"]},
        {"text": "[1].findI", "matches": ["findIndex"]},
        {"text": "'a'.padS", "matches": ["padStart"]},
        {"text": "JSON.str", "matches": ["stringify"]},
        {"text": "Number.isI", "matches": ["isInteger"]},
        {"text": "new Map().siz", "matches": ["size"]},
        {"text": "Object.entr", "matches": ["entries"]},
        {"text": "const 𝒳 = 1; Math.cbr", "matches": ["cbrt"]},
        {"text": "Math.doesNotExist", "matches": []},
    ]
    complete_code_samples = [
        "1",
        "const a = 1;",
        "let s = `one ${1 + 1} two`",
        "function f(x: number): number { return x; }",
        "await Promise.resolve(1)",
        "for (const x of [1, 2]) { console.log(x); }",
        "import * as fs from 'node:fs'",
        "type Pair<T> = [T, T];",
        "/* a comment */",
        "// a comment",
        "",
        "const o = { a: 1, b: [2, 3] }",
        "const f = <T>(x: T): T => x",
    ]
    incomplete_code_samples = [
        "function f() {",
        "const a = [1, 2",
        "const s = `an open template",
        "const s = `one ${1 +",
        "if (true) {\n  console.log(1);",
        "console.log(",
        "/* an open comment",
        "1 +",
        "class A {",
        "const o = { a: 1,",
        "const f = (x) =>",
        "let y: number =",
        "for (const x of [1, 2])",
    ]
    invalid_code_samples = [
        "import = 7q",
        "const 1a = 2",
        "foo ]",
        "let let = 1 2",
        "function (",
        "}",
        "const a = 'an open string",
        "1 = = 2",
        "class { }}",
        "const x = @;",
        "return return",
    ]
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'a' + 'b'", "result": "'ab'"},
        {"code": "[1, 2, 3]", "result": "[ 1, 2, 3 ]"},
        {"code": "({ a: 1 })", "result": "{ a: 1 }"},
        {"code": "await Promise.resolve(5)", "result": "5"},
        {"code": "true", "result": "true"},
        {"code": "new Map([['k', 1]])", "result": "Map(1) { 'k' => 1 }"},
        {"code": "10n ** 20n", "result": "100000000000000000000n"},
        {"code": "let q = 4;\nq * q", "result": "16"},
        {"code": "new Float64Array(2)", "result": "Float64Array(2) [ 0, 0 ]"},
        {"code": "[{ a: 1, b: 2 }]", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": "import { show } from 'nacre';\nawait show('**bold**')", "mime": "text/markdown"},
        {"code": "await show([{ a: 1 }])", "mime": "text/html"},
        {
            "code": "await show({ name: 'f', caption: '', data: [], layout: { width: 9, height: 9 } })",
            "mime": "application/vnd.plotly.v1+json",
        },
        {"code": "import * as tslab from 'tslab';\ntslab.display.html('<b>x</b>')", "mime": "text/html"},
        {"code": "tslab.display.png(Buffer.from(''))", "mime": "image/png"},
        {"code": "tslab.display.text('plain')", "mime": "text/plain"},
        {"code": "await show(new Date(0))", "mime": "text/plain"},
        {"code": "await show([])", "mime": "text/markdown"},
        {"code": "tslab.display.javascript('1')", "mime": "text/javascript"},
        {"code": "tslab.display.jpeg(Buffer.from(''))", "mime": "image/jpeg"},
        {"code": "tslab.display.svg('<svg/>')", "mime": "image/svg+xml"},
    ]
    code_history_pattern = "6 ? 7"
    supported_history_operations = ("tail", "range", "search")


class NacreWelcomeTests(jkt.IopubWelcomeTests):
    kernel_name = "nacre"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
