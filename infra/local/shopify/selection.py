"""The fields a selection asks for, with its fragments taken apart."""

from collections.abc import Iterator, Mapping

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
)


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }


def fields_of(
    selection_set: SelectionSetNode | None, fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterator[FieldNode]:
    """Whatever type a fragment is for, and whatever @skip and @include say."""
    for selection in selection_set.selections if selection_set else ():
        match selection:
            case FieldNode():
                yield selection
            case InlineFragmentNode():
                yield from fields_of(selection.selection_set, fragments)
            case FragmentSpreadNode():
                yield from fields_of(fragments[selection.name.value].selection_set, fragments)


def response_key(field: FieldNode) -> str:
    return field.alias.value if field.alias else field.name.value
