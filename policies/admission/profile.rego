# METADATA
# title: Profile
# description: The settings of the profile that the input names. Undefined when no such profile is in the bundle.
# schemas:
#   - input: schema.input
package admission.profile

settings := data.profiles[input.profile]

# METADATA
# title: Obligations of the profile
# description: >
#   What every client admitted for this kind of caller has to live with; `default` stands for each kind that the profile
#   does not name.
obligations := object.get(settings.obligations, input.caller.kind, settings.obligations["default"])
