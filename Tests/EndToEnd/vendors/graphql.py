"""As much of GraphQL's query language as Samespace's queries need.

A real server refuses a field it does not know, a scalar with a selection, an
object without one and a variable of another type, so this one does as well.
"""

import re

TOKEN = re.compile(
    r'[\s,\ufeff]+|#[^\n]*|(\.\.\.|[A-Za-z_]\w*|[!$():=@\[\]{}|&]'
    r'|"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?)')


class QueryError(Exception):
    """What the server answers in `errors[].message`."""


class Field:
    """A selected field: its arguments and the fields below it."""

    def __init__(self, name, arguments):
        self.name = name
        self.arguments = arguments
        self.fields = {}


class Operation:
    """A query: its variables (name: type) and its selected fields."""

    def __init__(self, name, variables, fields):
        self.name = name
        self.variables = variables
        self.fields = fields


def parse(text):
    """Parse one operation."""
    parser = Parser(tokenize(text))
    operation = parser.operation()
    if parser.peek():
        raise QueryError(f"Syntax Error: Unexpected {parser.peek()!r}.")
    return operation


def tokenize(text):
    tokens, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise QueryError(f"Syntax Error: Cannot parse {text[at:at+20]!r}.")
        if match.group(1):
            tokens.append(match.group(1))
        at = match.end()
    return tokens


class Parser:
    """Recursive descent over the tokens."""

    def __init__(self, tokens):
        self.tokens = tokens
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def next(self, expected=None):
        token = self.peek()
        if not token or (expected and token != expected):
            raise QueryError(
                f"Syntax Error: Expected {expected or 'more'}, found "
                f"{token or '<EOF>'}.")
        self.at += 1
        return token

    def operation(self):
        name, variables = "", {}
        if self.peek() != "{":
            self.next("query")
            if self.peek() not in "({":
                name = self.next()
            if self.peek() == "(":
                variables = self.variables()
        return Operation(name, variables, self.selection())

    def variables(self):
        found = {}
        self.next("(")
        while self.peek() != ")":
            self.next("$")
            name = self.next()
            self.next(":")
            kind = ""
            while self.peek() not in ("$", ")", ""):
                kind += self.next()
            found[name] = kind
        self.next(")")
        return found

    def selection(self):
        fields = {}
        self.next("{")
        while self.peek() != "}":
            if self.peek() == "...":
                self.next()
                if self.peek() == "on":
                    self.next()
                    self.next()
                fields.update(self.selection())
                continue
            key = name = self.next()
            if self.peek() == ":":
                self.next()
                name = self.next()
            field = Field(name, self.arguments())
            if self.peek() == "{":
                field.fields = self.selection()
            fields[key] = field
        self.next("}")
        if not fields:
            raise QueryError("Syntax Error: Expected Name, found }.")
        return fields

    def arguments(self):
        found = {}
        if self.peek() != "(":
            return found
        self.next("(")
        while self.peek() != ")":
            name = self.next()
            self.next(":")
            variable = self.peek() == "$"
            if variable:
                self.next()
            found[name] = ("$" if variable else "") + self.next()
        self.next(")")
        return found


def validate(operation, documented):
    """Refuse what the documented query does not allow."""
    for name, kind in operation.variables.items():
        expected = documented.variables.get(name)
        if expected is None:
            raise QueryError(f'Variable "${name}" is not documented.')
        if kind.rstrip("!") != expected.rstrip("!") or (
                expected.endswith("!") and not kind.endswith("!")):
            raise QueryError(f'Variable "${name}" of type "{kind}" used in '
                             f'position expecting type "{expected}".')
    compare(operation.fields, documented.fields, operation.variables, "Query")


def compare(fields, known, variables, parent):
    for field in fields.values():
        if field.name == "__typename":
            continue
        if field.name not in known:
            raise QueryError(f'Cannot query field "{field.name}" on type '
                             f'"{parent}".')
        below = known[field.name].fields
        if below and not field.fields:
            raise QueryError(f'Field "{field.name}" must have a selection of '
                             'subfields.')
        if field.fields and not below:
            raise QueryError(f'Field "{field.name}" must not have a selection '
                             'since it has no subfields.')
        for name, value in field.arguments.items():
            if name not in known[field.name].arguments:
                raise QueryError(f'Unknown argument "{name}" on field '
                                 f'"{field.name}".')
            if value.startswith("$") and value[1:] not in variables:
                raise QueryError(f'Variable "{value}" is not defined.')
        compare(field.fields, below, variables, field.name)


def project(value, fields):
    """The selected part of a value."""
    if not fields or value is None:
        return value
    if isinstance(value, list):
        return [project(item, fields) for item in value]
    return {key: project(value[field.name], field.fields)
            for key, field in fields.items() if field.name in value}
