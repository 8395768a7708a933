# One service, alarms without anybody to tell.

module "serving" {
  source = "../.."

  region = "eu-west-1"
  services = {
    survival = { model_package_group = "titanic-survival", expected_invocations = 1 }
  }
}

output "alarms" {
  value = module.serving.alarm_names
}
