/**
 * What moto forgets or does not know, so that a second plan shows it though nothing changed. infra/README.md lists the
 * same; a difference that is not here fails, and so does one that is no longer seen.
 */
export const MOTO_FORGETS: Readonly<{ [address: string]: readonly string[] }> = {
  'module.bot[0].aws_ecs_service.bot[0]': ['availability_zone_rebalancing', 'enable_ecs_managed_tags'],
  'module.iam.aws_iam_user.operator': ['permissions_boundary'],
  'module.inference_api[0].aws_vpc_security_group_egress_rule.lb_to_api': ['description'],
  'module.inference_api[0].aws_vpc_security_group_ingress_rule.api_from_lb': ['description'],
  'module.inference_api[0].aws_vpc_security_group_ingress_rule.private_link[0]': ['description'],
};
