# All roles for one service.

module "iam" {
  source = "../.."

  services              = { survival = { model_package_group = "titanic-survival" } }
  model_data_arns       = ["arn:aws:s3:::my-models/titanic/*"]
  model_repository_arns = ["arn:aws:ecr:eu-west-1:123456789012:repository/titanic-survival"]
}

output "roles" {
  value = module.iam.role_arns
}
