# The API inside a network, with a private link to prod.

module "inference_api" {
  source = "../.."

  region                     = "eu-west-1"
  endpoint_name              = "titanic-survival-prod"
  image                      = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/titanic-inference-api:0.1.0"
  vpc_id                     = "vpc-0123456789abcdef0"
  subnet_ids                 = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  lb_subnet_ids              = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  allowed_cidrs              = ["10.0.0.0/8"]
  certificate_arn            = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
  task_role_arn              = "arn:aws:iam::123456789012:role/titanic-inference-api-task"
  execution_role_arn         = "arn:aws:iam::123456789012:role/titanic-inference-api-execution"
  private_link_endpoint_arns = ["arn:aws:sagemaker:eu-west-1:123456789012:endpoint/titanic-survival-prod"]
}

output "host" {
  value = module.inference_api.dns_name
}
