"""What a selection asks for, with its fragments taken apart."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_leaf_type,
    is_list_type,
)


@dataclass(frozen=True, slots=True)
class Selected:
    """A field, the type that has it, and its definition there."""

    node: FieldNode
    parent: GraphQLNamedType
    definition: GraphQLField

    @property
    def name(self) -> str:
        return self.node.name.value

    @property
    def key(self) -> str:
        """What it is called in the answer."""
        return self.node.alias.value if self.node.alias else self.node.name.value

    @property
    def type(self) -> GraphQLNamedType:
        """Without its lists and non-nulls."""
        return get_named_type(self.definition.type)

    @property
    def is_list(self) -> bool:
        return is_list_type(get_nullable_type(self.definition.type))

    @property
    def is_leaf(self) -> bool:
        return is_leaf_type(self.type)

    @property
    def is_connection(self) -> bool:
        return self.type.name.endswith("Connection")


@dataclass(frozen=True, slots=True)
class Selections:
    """Takes the selections of a valid document apart."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]

    @classmethod
    def of(cls, schema: GraphQLSchema, document: DocumentNode) -> "Selections":
        fragments = (node for node in document.definitions if isinstance(node, FragmentDefinitionNode))
        return cls(schema, {fragment.name.value: fragment for fragment in fragments})

    def top(self, operation: OperationDefinitionNode) -> Iterator[Selected]:
        """The fields of the query or mutation itself."""
        root = self.schema.get_root_type(operation.operation)
        return self._fields(operation.selection_set, root) if root else iter(())

    def below(self, field: Selected) -> Iterator[Selected]:
        """The fields that are selected of a field's objects, whatever @skip and @include say."""
        return self._fields(field.node.selection_set, field.type)

    def _fields(self, selection_set: SelectionSetNode | None, parent: GraphQLNamedType) -> Iterator[Selected]:
        for selection in selection_set.selections if selection_set else ():
            match selection:
                case FieldNode():
                    definition = is_composite_type(parent) and self.schema.get_field(parent, selection.name.value)
                    if definition:
                        yield Selected(selection, parent, definition)
                case InlineFragmentNode():
                    yield from self._inside(selection, parent)
                case FragmentSpreadNode():
                    yield from self._inside(self.fragments[selection.name.value], parent)

    def _inside(
        self, fragment: InlineFragmentNode | FragmentDefinitionNode, parent: GraphQLNamedType
    ) -> Iterator[Selected]:
        condition = fragment.type_condition
        return self._fields(fragment.selection_set, self.schema.type_map[condition.name.value] if condition else parent)
