# The bot in Socket Mode: nothing is open to the outside.

module "bot" {
  source = "../.."

  region             = "eu-west-1"
  image              = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/titanic-bot:0.1.0"
  vpc_id             = "vpc-0123456789abcdef0"
  subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  task_role_arn      = "arn:aws:iam::123456789012:role/titanic-bot-task"
  execution_role_arn = "arn:aws:iam::123456789012:role/titanic-bot-execution"
}

output "secrets_to_fill" {
  value = module.bot.secret_names
}
