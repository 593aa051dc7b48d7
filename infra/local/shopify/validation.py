"""What is wrong with a document, with what is absent from the schema told apart from what is plainly wrong.

Only the published schema knows whether a field that is not in schema.graphql exists: the answer names both
possibilities, under the code NOT_SIMULATED, where Shopify would say `undefinedField` or simply answer.
"""

from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FieldsOnCorrectTypeRule,
    GraphQLEnumType,
    GraphQLError,
    GraphQLSchema,
    KnownArgumentNamesRule,
    KnownTypeNamesRule,
    NamedTypeNode,
    ValidationRule,
    ValuesOfCorrectTypeRule,
    get_named_type,
    specified_rules,
    validate,
)

_SILENCED = (FieldsOnCorrectTypeRule, KnownArgumentNamesRule, KnownTypeNamesRule)


def problems(schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
    rules = [rule for rule in specified_rules if rule not in (*_SILENCED, ValuesOfCorrectTypeRule)]
    return validate(schema, document, [SimulatedRule, SimulatedValuesRule, *rules])


class SimulatedRule(ValidationRule):
    """Fields, arguments and types that schema.graphql does not have."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self.context.get_parent_type()
        if parent is not None and self.context.get_field_def() is None:
            self._report(
                f"Field '{node.name.value}' of type '{parent.name}'",
                node,
                {"typeName": parent.name, "fieldName": node.name.value},
            )

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        field, parent = self.context.get_field_def(), self.context.get_parent_type()
        is_of_field = field is not None and self.context.get_directive() is None
        if is_of_field and parent is not None and self.context.get_argument() is None:
            self._report(
                f"Argument '{node.name.value}' of a field of '{parent.name}'",
                node,
                {"typeName": parent.name, "argumentName": node.name.value},
            )

    def enter_named_type(self, node: NamedTypeNode, *_: Any) -> None:
        if node.name.value not in self.context.schema.type_map:
            self._report(f"Type '{node.name.value}'", node, {"typeName": node.name.value})

    def _report(self, what: str, node: FieldNode | ArgumentNode | NamedTypeNode, where: dict[str, str]) -> None:
        message = (
            f"{what} is not simulated: either Shopify publishes it and infra/local/shopify/schema.graphql lacks it,"
            " or it exists nowhere and Shopify would refuse it"
        )
        self.report_error(GraphQLError(message, node, extensions={"code": "NOT_SIMULATED", **where}))


class SimulatedValuesRule(ValuesOfCorrectTypeRule):
    """The values of enums that schema.graphql does not have, besides values of the wrong type."""

    def enter_enum_value(self, node: EnumValueNode, *arguments: Any) -> None:
        kind = get_named_type(self.context.get_input_type())
        if isinstance(kind, GraphQLEnumType) and node.value not in kind.values:
            message = f"{kind.name} {node.value} is not simulated, if Shopify publishes it"
            self.report_error(GraphQLError(message, node, extensions={"code": "NOT_SIMULATED", "typeName": kind.name}))
            return
        super().enter_enum_value(node, *arguments)
