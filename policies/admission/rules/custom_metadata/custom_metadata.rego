# METADATA
# title: Custom metadata
# description: >
#   Turns the errors that the profile's JSON Schema for custom metadata gave into violations. The schema is checked before
#   the policy is asked; what an error means is decided here.
# schemas:
#   - input: schema.input
package admission.rules.custom_metadata

violations contains {
	"code": "custom_metadata_invalid",
	"field": error.field,
	"params": {"keyword": error.keyword, "pointer": error.pointer},
} if {
	some error in input.custom_errors
}
